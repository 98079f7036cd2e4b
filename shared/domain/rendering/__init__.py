"""Content as clients take it: file trees, catalogs and archives, each a pure function of what is rendered."""

"""One construct per capability of the deployment."""

"""What is unsafe in the text of any unit: one module for each thing looked for."""

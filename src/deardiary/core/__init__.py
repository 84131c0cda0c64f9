"""What a diary is: values and rules, without any input or output."""

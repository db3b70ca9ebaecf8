"""The screens of the kernel's services."""

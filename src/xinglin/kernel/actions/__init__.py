"""Acts of the kernel itself."""

"""Money by bank transfer: what banks export, read and kept for the engines that look for their own in it."""

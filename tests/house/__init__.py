"""The house itself is tested: floors, sizes, words, declarations."""

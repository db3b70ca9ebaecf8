"""An app of the tests with words of its own."""

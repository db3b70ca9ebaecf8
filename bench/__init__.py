"""What is measured, one file each; `make bench` runs all of them on a PostgreSQL of its own."""

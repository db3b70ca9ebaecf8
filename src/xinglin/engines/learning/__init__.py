"""Learning: CME projects, the credits they earn, and the certificates that prove them."""

"""Every measure's number, interval and paired difference, as errors to minimise, without a random number."""

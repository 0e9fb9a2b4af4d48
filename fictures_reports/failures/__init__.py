"""What failure texts say: parts, signature, measurements, time-outs."""

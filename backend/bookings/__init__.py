"""Time of people and rooms: plans, slots, bookings, waiting lists. It knows no feature that uses it."""

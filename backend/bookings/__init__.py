"""Time of people and rooms: plans, slots, bookings and waiting lists, for whatever uses it."""

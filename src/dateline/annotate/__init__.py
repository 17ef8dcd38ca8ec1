"""Read a text: entities, actors, places, times, quotes and events, by a spaCy pipeline of our own components."""

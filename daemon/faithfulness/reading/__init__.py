"""Notes and sources from text: sentences, headings, speakers, captions, JSON."""

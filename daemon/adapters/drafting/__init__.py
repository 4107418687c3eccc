"""The drafters: quoting, with its classifier, and the language model's."""

"""Progress: how far the programme is, in one of five views, each a sentence, a chart, and notes."""

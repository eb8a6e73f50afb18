"""The words that Streamlit itself shows or speaks, which it has in English alone."""

from geodata.language import Language, message

HOST_WORDS = (
    message("Skip to main content"),
    message("Sidebar"),
    message("Collapse sidebar"),
    message("Expand sidebar"),
    message("Open"),
    message("Close"),
    message("Dismiss"),
    message("Clear all"),
    message("Clear value"),
    message("Selected values"),
    message("No results"),
    message("Increment"),
    message("Decrement"),
    message("Choose an option"),
    message("Choose options"),
    message("Choose or add an option"),
    message("Add an option"),
    message("Remove "),
    message("Selected Time: "),
)
"""As Streamlit writes them, each as a whole, or a beginning where it ends in a space."""


def host_words(language: Language) -> dict[str, str]:
    """Return what is to stand instead of each; nothing in English."""
    return {word.render("en"): word.render(language) for word in HOST_WORDS} if language != "en" else {}

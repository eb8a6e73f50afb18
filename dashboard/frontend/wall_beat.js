// Tells the wall that the server lives: Streamlit calls this whenever a beat comes.

export default function streamlit() {
  dispatchEvent(new Event("hw-beat"));
}

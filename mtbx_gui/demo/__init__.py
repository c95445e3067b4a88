"""The demo study and the two demo services (DeepL's and OpenAI's protocols on loopback)."""

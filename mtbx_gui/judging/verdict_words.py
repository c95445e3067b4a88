"""The words around a verdict in the five languages: templates' own words, labels, examples, conditions.

They are part of the parser and not of resources/: with other words the parser's version has to change.
"""

RATING_WORDS = frozenset(
    {
        "rating", "score", "grade", "mark",
        "bewertung", "wertung", "note", "punktzahl", "punkte",
        "évaluation", "notation",
        "valutazione", "voto", "punteggio",
        "calificación", "calificacion", "puntuación", "puntuacion", "nota", "valoración", "valoracion",
    }
)  # fmt: skip
"""What stands in a single template's tag, or before a score."""

VERDICT_WORDS = frozenset(
    {
        "verdict", "winner", "choice", "decision", "judgment", "judgement",
        "urteil", "gewinner", "entscheidung",
        "jugement", "gagnant", "décision", "choix",
        "verdetto", "giudizio", "vincitore", "decisione",
        "veredicto", "juicio", "ganador", "decisión",
    }
)  # fmt: skip
"""What stands in a pair template's tag, or before a letter."""

ASSISTANT_WORDS = frozenset(
    {
        "assistant", "answer", "response", "model", "option",
        "assistent", "antwort", "modell",
        "l'assistant", "réponse", "modèle",
        "assistente", "l'assistente", "risposta", "modello", "opzione",
        "asistente", "respuesta", "modelo", "opción",
    }
)  # fmt: skip
"""What may stand before the letter inside a tag: [[Assistant A]]."""

FILLER_WORDS = frozenset(
    {
        "your", "the", "final", "here", "insert", "number", "value", "x", "n", "nn", "#",
        "ihre", "deine", "die", "das", "ihr", "endgültige", "endgültiges", "zahl", "wert", "hier",
        "votre", "ta", "la", "le", "finale", "nombre", "valeur", "ici",
        "tua", "vostra", "sua", "il", "numero", "valore", "qui",
        "tu", "su", "el", "número", "valor", "aquí",
    }
)  # fmt: skip
"""What surrounds the template's word in a tag nobody filled in: [[your rating here]], [[x]]."""

POINT_WORDS = ("points?", "pts?", "punkten?", "punkte", "punti", "punto", "puntos?")
OF_WORDS = ("/", "out of", "of", "von", "sur", "su", "di", "de", "sobre")

EXAMPLE_PHRASES = (
    r"for example", r"for instance", r"e\.?\s?g\.?", r"such as", r"like this",
    r"zum beispiel", r"beispiel", r"z\.?\s?b\.?", r"etwa so",
    r"par exemple", r"p\.\s?ex\.?", r"exemple",
    r"per esempio", r"ad esempio", r"esempio", r"p\.\s?es\.?",
    r"por ejemplo", r"ejemplo", r"p\.\s?ej\.?", r"example",
)  # fmt: skip
"""What stands right before a number that is the instructions' example."""

IF_WORDS = ("if", "when", "wenn", "falls", "sofern", "si", "quand", "lorsque", "se", "quando", "cuando")
"""What follows a letter that is one of the instructions' options: [[A]] if assistant A is better."""

OR_WORDS = ("or", "oder", "ou", "o", "vs", "bis", "to", "à", "a")

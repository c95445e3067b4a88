"""The Italian plural address: forms it must find, and all the words that only look like it."""

import pytest

from mtbx_gui.curation.detect.italian import plural_forms, raised
from mtbx_gui.curation.flags import Case, flags

PLURALS = [
    ("Scrivete un post sul blog.", ["Scrivete"]),
    ("Create una tabella e aggiungete due colonne.", ["Create", "aggiungete"]),
    ("Immaginate di essere un albero.", ["Immaginate"]),
    ("Qual è il vostro parere? Potete spiegarlo?", ["vostro", "Potete"]),
    ("Come vi sentite oggi?", ["vi", "sentite"]),
    ("Prendetevi un momento per riflettere.", ["Prendetevi"]),
    ("Elencatene tre e spiegatele.", ["Elencatene", "spiegatele"]),
    ("Se desiderate, usate un esempio.", ["desiderate", "usate"]),
    ("Il vostro compito è aiutarvi a vicenda.", ["vostro", "aiutarvi"]),
    ("Quanti ne vedete? Rispondete brevemente.", ["vedete", "Rispondete"]),
    ("Siete un esperto di chimica.", ["Siete"]),
    ("Non superate le 200 parole.", ["superate"]),
    ("Poi traducete il testo, mantenendo lo stile.", ["traducete"]),
    ("Qualora doveste sbagliare, correggetevi.", ["doveste", "correggetevi"]),
    ("Dovreste fornire una soluzione che possiate difendere.", ["Dovreste", "possiate"]),
    ("Troverete il testo qui sotto.", ["Troverete"]),
    ("1. Analizzate le strategie del presidente.", ["Analizzate"]),
    ("La risposta che avete dato è sbagliata: correggetela.", ["avete", "correggetela"]),
    ("Usate al massimo 50 parole e non ripetete nulla.", ["Usate", "ripetete"]),
    ("Fate un elenco.", ["Fate"]),
]

HARMLESS = [
    "Scrivi un post sul blog e aggiungi due colonne.",
    "Le frasi scritte dagli studenti sono state corrette.",
    "In estate le giornate sono lunghe e le serate calde.",
    "Date le due liste ordinate, trova l'elemento comune.",
    "Vi sono tre soluzioni e non vi è alcun dubbio.",
    "La rete e la parete sono complete; le monete no.",
    "Identifica le entità nominate nell'articolo di cronaca.",
    "Usa parole chiare e dettagliate, preferibilmente collegate tra loro.",
    "Le strategie adottate dal presidente furono criticate.",
    "Le foreste e le tempeste sono modeste in queste terre celesti.",
    "I servi hanno i nervi saldi.",
    "Apri il file con l'editor vi e salva.",
    "Luigi XVI regnò dopo Luigi XV.",
    "Le ferite erano gravi, ma le visite sono finite.",
    "Sono state vendute 200 unità, fornite in rate.",
    "Il satellite orbita intorno ad Atene.",
    "Socrate e il frate parlano di vite passate.",
    "Trova le informazioni richieste e le date citate.",
    "Le catene di montaggio sono private.",
    "Correggi gli errori nelle righe evidenziate.",
    "Considera due rette parallele e separate.",
    "Le lingue parlate nelle regioni elencate sono molte.",
]


def _sure(text: str) -> list[str]:
    return [form.text for form in raised(text, ()) if form.confidence >= 0.8]


@pytest.mark.parametrize(("text", "forms"), PLURALS)
def test_plural_forms_are_found(text: str, forms: list[str]) -> None:
    assert _sure(text) == forms


@pytest.mark.parametrize("text", HARMLESS)
def test_words_that_only_look_like_it(text: str) -> None:
    assert [form.text for form in raised(text, ()) if form.confidence >= 0.5] == []


def _severities(source: str, target: str, siblings: tuple[str, ...] = ()) -> list[str]:
    case = Case("it", "turn", source, target, siblings=siblings)
    return [flag.severity for flag in flags(case) if flag.rule_id == "tgt.register_plural"]


def test_one_reader_makes_it_an_error_and_several_make_it_fine() -> None:
    assert _severities("Write a poem.", "Scrivete una poesia.") == ["error"]
    assert _severities("All of you, write a poem.", "Scrivete una poesia.") == ["info"]


def test_quoted_speech_is_left_alone() -> None:
    assert _severities('She said: "Come in!"', 'Disse: "Venite pure, entrate!"') == []


def test_a_sure_form_in_the_same_item_raises_a_doubtful_one() -> None:
    text = "Basate la risposta sui fatti."
    assert _severities("Base the answer on facts.", text) == ["warning"]
    assert _severities("Base the answer on facts.", text, ("Scrivete una poesia.",)) == ["error"]


def test_code_is_not_read_as_italian() -> None:
    assert plural_forms("Ecco:\n```python\nfor voi in vostro:\n    scrivete(voi)\n```\n") == ()

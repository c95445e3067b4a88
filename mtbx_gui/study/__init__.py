"""The study folder: records, database, migrations, import and export. No Qt, no network."""

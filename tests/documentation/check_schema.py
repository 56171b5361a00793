"""Checks definition files against the JSON Schema.

Usage: check_schema.py SCHEMA FILE...
Prints "FILE: valid" or "FILE: place: reason" for each; exits with 1 if the schema itself is wrong.
"""
import json
import sys

import jsonschema


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


schema = read(sys.argv[1])
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for path in sys.argv[2:]:
    errors = sorted(validator.iter_errors(read(path)), key=lambda error: list(map(str, error.absolute_path)))
    for error in errors:
        print(f"{path}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
    if not errors:
        print(f"{path}: valid")

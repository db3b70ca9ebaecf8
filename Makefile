# Xinglin: set up, try, test, check, measure.
PY := .venv/bin/python
PORT ?= 8000
export DJANGO_SETTINGS_MODULE ?= xinglin.site.settings

.PHONY: setup demo test check bench new-engine
setup:
	@sh setup.sh

# make demo SCALE=city builds 200,000 people; ANEW=1 removes a demonstration that stands and builds it again.
demo: setup
	@.venv/bin/xinglin demo --port $(PORT) $(if $(SCALE),--scale $(SCALE)) $(if $(ANEW),--anew)

# Everything on the embedded database, then what is claimed under concurrency on a PostgreSQL of its own.
test: setup
	@$(PY) -m pytest -n 2 --dist loadgroup -m "not postgres"
	@$(PY) tests/with_postgres.py $(PY) -m pytest -n 2 --dist loadgroup -m "postgres or on_postgres_too"

check: setup
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports
	@.venv/bin/xinglin docs --check
	@$(PY) -m xinglin.shell.catalogue check

bench: setup
	@$(PY) -m bench

# make new-engine NAME=events NOUN=meeting ZH=会议
new-engine: setup
	@.venv/bin/xinglin new-engine $(NAME) $(if $(NOUN),--noun $(NOUN)) $(if $(ZH),--zh $(ZH))
	@.venv/bin/xinglin docs

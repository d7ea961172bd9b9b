# Hanok. `make help` lists what there is to do; how things are compiled is in build.mk.
SHELL := /bin/bash
# -p: no functions, options and files of whoever runs make; and commands that mean what they mean everywhere.
.SHELLFLAGS := -pc
unexport CDPATH BASH_ENV ENV POSIXLY_CORRECT SHELLOPTS BASHOPTS GLOBIGNORE TMOUT GREP_OPTIONS LANGUAGE
export LC_ALL := C.UTF-8
.DEFAULT_GOAL := all

#: BUILD            release, debug, asan (address, undefined) or tsan (data races)
BUILD ?= release
#: CC               gcc or clang
ifeq ($(origin CC),default)
CC := gcc
endif
#: JOBS             compilers at a time
ifndef JOBS
JOBS := $(shell nproc)
endif
#: RUN_DIR          where a running stack keeps its data, sockets, pids and logs
RUN_DIR ?= .run
#: HTTP_PORT        port of the gateway
HTTP_PORT ?= 8080
#: NATS_PORT        port of nats-server, on 127.0.0.1
NATS_PORT ?= 4222
#: MYSQL_PORT       port of MariaDB, on 127.0.0.1; its socket is always $RUN_DIR/mysql.sock
MYSQL_PORT ?= 3306
#: LISTEN           address of the HTTP port; 0.0.0.0 opens it to other machines
LISTEN ?= 127.0.0.1
#: SERVICES         of `make up`: which of deploy/local/services.conf to start, for example "gateway auth"; all by default
SERVICES ?=
#: PGSIM_PORT       port of the card company of a demo, on 127.0.0.1; a free one is picked without it
PGSIM_PORT ?=
#: ADMIN_PORT_BASE  first of the admin ports (nats, gateway, then the services); free ones are picked without it
ADMIN_PORT_BASE ?=
#: TLS              of `make up`: on encrypts what NATS, MariaDB and the services say to each other
TLS ?= off
#: RELAY            of `make up`: how services find events that wait to be sent, poll or binlog
RELAY ?= poll
#: RATE_LIMIT       of `make up`: off holds nobody who keeps failing (wrong passwords ...) or sends much, for load tests
RATE_LIMIT ?= on
#: T                of `make test` and `make fuzz`: only what has this in its name
T ?=
#: AGAIN            of `make test`: so many files that failed beside others are run once more, alone; 0 by default
AGAIN ?= 0
#: COMPOSE          of `make test-containers`: docker-compose or "docker compose" only; both by default
COMPOSE ?=
#: FUZZ_SECONDS     of `make fuzz`: how long each target runs
FUZZ_SECONDS ?= 60
#: SECONDS          of `make chaos`: how long there are faults
SECONDS ?= $(if $(filter soak,$(PLAN)),900,180)
unexport SECONDS # a shell would count on from it
#: SEED             of `make chaos`: which faults; a new one each time without it
SEED ?=
#: ORDERS           of `make chaos`: how many orders are accepted before it may be over, however long that takes
ORDERS ?= 0
#: PLAN             of `make chaos`: mixed; apart: each fault by itself; soak: long, memory is watched; points: kills between two steps of an order
PLAN ?= mixed
#: PARTS            of `make bench`: only what has one of these words in its name, for example "limits crowds"; all by default
PARTS ?=
#: DAY              of `make demo`: how many seconds the day that it plays takes, at most 600; 0 plays none
DAY ?= 60
#: CUSTOMERS        of `make demo`: how many people order on that day, 200 by default, at most 999
CUSTOMERS ?=
#: COURIERS         of `make demo`: how many bring it, 20 by default, at most 99
COURIERS ?=
#: FOLLOW           of `make logs`: off prints what there is and returns
FOLLOW ?= on
#: NAME             of `make new-service`: two to twenty lower-case letters and digits
NAME ?=
#: ROW              of `make new-service`: what its table keeps, where that is not called as the service is
ROW ?=
#: DESTDIR          of `make install`: goes before every path, for packagers
DESTDIR ?=
#: PREFIX           of `make install`: programs, manual pages, documents and units
PREFIX ?= /usr/local
export BUILD CC JOBS RUN_DIR HTTP_PORT NATS_PORT MYSQL_PORT PGSIM_PORT LISTEN SERVICES ADMIN_PORT_BASE TLS RELAY RATE_LIMIT T AGAIN COMPOSE FUZZ_SECONDS FOLLOW DAY CUSTOMERS COURIERS

BUILDS := release debug asan tsan coverage fuzz lint
$(if $(filter $(BUILDS),$(BUILD)),,$(error BUILD is '$(BUILD)'; it must be release, debug, asan or tsan))

# Every target with a line of help is a command, which does one thing after another and calls make again to build;
# these are building.
COMMANDS := $(filter-out all install uninstall,$(shell sed -n 's/^\([a-z-]*\):.*## .*/\1/p' Makefile))
WANTED := $(or $(MAKECMDGOALS),all)
ifneq ($(filter-out $(COMMANDS),$(WANTED)),)
include build.mk
include install.mk
endif
ifeq ($(filter $(COMMANDS),$(WANTED)),)
MAKEFLAGS += -j$(JOBS)
else
.NOTPARALLEL:
endif
.PHONY: $(COMMANDS)

# The packages that a command needs, by deploy/packages/NAME.list: those that are missing are installed.
NEEDS := deploy/local/install.sh

help: ## Lists the targets and the variables.
	@echo 'make TARGET [VARIABLE=value ...]'; echo
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | sort | awk -F '\t' '{printf "  %-15s %s\n", $$1, $$2}'
	@echo; echo 'Variables, here or in the environment (default):'; echo
	@$(foreach v,$(shell sed -n 's/^#: \([A-Z_]*\).*/\1/p' Makefile),printf '  %-16s %s (%s)\n' $(v) \
	  "$$(sed -n 's/^#: $(v)  *//p' Makefile)" '$($(v))';)

all: ## Compiles the programs into build/$BUILD (the default).

install: ## Installs programs, settings, migrations, manual pages, documents and systemd units.

uninstall: ## Removes what `make install` put there, but no setting that was changed.

deb: ## Makes a Debian package of this machine's release in build/.
	@$(NEEDS) build package
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@deploy/debian/build.sh

up: ## Starts NATS, MariaDB and the services, waits until they are ready, says how to use them.
	@$(NEEDS) build run
	@UP_SETTINGS='$(foreach v,$(filter HANOK_%,$(.VARIABLES)),$(if $(findstring command,$(origin $(v))),$(v)))' deploy/local/up.sh

down: ## Stops what `make up` started; the data stays.
	@deploy/local/down.sh

status: ## Shows each process: pid, port, ready or not, memory.
	@deploy/local/status.sh

doctor: ## Checks what must be true of the running stack's data, and says what is not.
	@deploy/local/doctor.sh

demo: ## Fills the running stack with shops, goods and people, prints lines to copy, and plays a day of it in a minute.
	@deploy/demo/demo.py

logs: ## Follows the logs of all processes, merged and readable.
	@$(NEEDS) logs
	@deploy/local/logs.py

test: ## Builds and runs every test; T=word runs those with the word in their name.
	@$(NEEDS) build run test
	@test/run

new-service: ## Writes the service NAME: one table, one write, one read, and all that deployment and tests need.
	@$(NEEDS) build run lint
	@tool/new_service/new_service.py "$(NAME)" "$(ROW)"

images: ## Builds the container images hanok-NAME:$HANOK_TAG (latest).
	@deploy/docker/images.sh

test-containers: ## Builds the images and runs the tests in containers, with each COMPOSE.
	@command -v dockerd >/dev/null || $(NEEDS) docker
	@$(NEEDS) containers
	@test/containers/run.sh

lint: ## Checks layers, banned functions, sizes, formatting, scripts, pages, and warnings of gcc, clang and cppcheck.
	@$(NEEDS) build run test lint
	@tool/lint/lint.sh

bench: ## Measures throughput, CPU per request, memory and start time; a few minutes.
	@$(NEEDS) build run bench
	@$(MAKE) --no-print-directory -j$(JOBS) all benches
	@test/bench/run $(PARTS)

chaos: ## Kills, pauses and cuts power while people sign up and order, for SECONDS; says what is no longer true then.
	@$(NEEDS) build run chaos
	@test/chaos/$(if $(filter points,$(PLAN)),points.py,chaos.py --seconds $(SECONDS) --plan $(PLAN) --orders $(ORDERS) $(SEED:%=--seed %))

fuzz: ## Fuzzes each parser for FUZZ_SECONDS; what is learnt stays in build/fuzz-corpus.
	@$(NEEDS) build test fuzz
	@test/run --fuzz $(FUZZ_SECONDS)

coverage: ## Runs the unit tests and says how many lines and branches of each folder they reach.
	@$(NEEDS) build run test coverage
	@test/coverage.sh

clean: ## Removes what was built, never data.
	rm -rf build

reset: ## Stops everything and deletes RUN_DIR with all its data.
	@deploy/local/reset.sh

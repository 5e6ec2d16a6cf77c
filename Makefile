# PGXS build of the extension; `make demo` and `make test` do all their own set-up. `make help` lists the targets.
EXTENSION    = turnstone
EXTENSION_VERSION := $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" turnstone.control)
MODULE_big   = turnstone
DATA         = $(wildcard turnstone--*.sql)
CORE_SOURCES   = $(sort $(wildcard src/core/*.cpp))
SERVER_SOURCES = $(sort $(wildcard src/server/*.cpp))
CORE_OBJECTS   = $(CORE_SOURCES:.cpp=.o)
OBJS         = $(CORE_OBJECTS) $(SERVER_SOURCES:.cpp=.o)

# The two commands of the README and their like need no PostgreSQL yet: they install it. So pg_config is asked only
# where it is there.
PG_MATRIX   ?= pg-matrix
PG_CONFIG   ?= $(firstword $(wildcard /usr/lib/postgresql/15/bin/pg_config) $(shell command -v pg_config))
PG_INCLUDE  := $(if $(PG_CONFIG),$(shell $(PG_CONFIG) --includedir-server 2>/dev/null))

# -isystem keeps the warnings of PostgreSQL's own headers out; -MMD -MP tracks headers, which PGXS of distributions
# does not.
CORE_FLAGS    = -Iinclude -DFMT_HEADER_ONLY -MMD -MP
PG_CPPFLAGS   = $(CORE_FLAGS) -isystem $(PG_INCLUDE) -DTURNSTONE_VERSION='"$(EXTENSION_VERSION)"'
PG_CXXFLAGS   = -std=c++20 -Wall -Wextra -Werror -fvisibility=hidden -fvisibility-inlines-hidden
SHLIB_LINK    = -lstdc++
EXTRA_CLEAN   = $(OBJS:.o=.d) $(PROBE_OBJECTS) $(PROBE_OBJECTS:.o=.d) $(CLI_OBJECTS) $(CLI_OBJECTS:.o=.d) build compile_commands.json

# The command-line client. Where a library that it needs is missing the extension is built without it.
CLI_SOURCES  = $(sort $(wildcard src/cli/*.cpp))
CLI_OBJECTS  = $(CLI_SOURCES:.cpp=.o)
PQ_INCLUDE  := $(if $(PG_CONFIG),$(shell $(PG_CONFIG) --includedir 2>/dev/null))
CLI_FLAGS    = $(CORE_FLAGS) -isystem $(PQ_INCLUDE) -DTURNSTONE_VERSION='"$(EXTENSION_VERSION)"'
CLI_MISSING := $(if $(PG_INCLUDE),$(shell for header in libpq-fe.h CLI/CLI.hpp toml++/toml.h; do \
	echo "\#include <$$header>" | $(CXX) -std=c++20 -isystem $(PQ_INCLUDE) -M -x c++ - >/dev/null 2>&1 || echo $$header; done))

.DEFAULT_GOAL = all

ifneq ($(PG_INCLUDE),)
# Bitcode would need clang and gain nothing here. `override`, since Makefile.global sets it again.
override with_llvm = no
ifeq ($(CLI_MISSING),)
SCRIPTS_built = build/turnstone
endif
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

-include $(OBJS:.o=.d)
$(OBJS): Makefile turnstone.control

# core is compiled without PostgreSQL's include folders: a header of core that reaches for one fails the build.
$(CORE_OBJECTS): override CPPFLAGS = $(CORE_FLAGS)
all: build/layers.stamp build/exports.stamp
build/layers.stamp: scripts/check-layers $(CORE_SOURCES) $(wildcard include/turnstone/core/*.hpp)
	scripts/check-layers
	@mkdir -p build && touch $@
build/exports.stamp: $(shlib) scripts/check-exports
	scripts/check-exports $(shlib)
	@mkdir -p build && touch $@

ifeq ($(CLI_MISSING),)
$(CLI_OBJECTS): override CPPFLAGS = $(CLI_FLAGS)
$(CLI_OBJECTS): Makefile turnstone.control
-include $(CLI_OBJECTS:.o=.d)
# A third of what a start takes is the linking of shared libraries: the C++ one is put in.
build/turnstone: $(CLI_OBJECTS) $(CORE_OBJECTS)
	@mkdir -p build
	$(CXX) $(CXXFLAGS) -s -o $@ $^ $(LDFLAGS) -static-libstdc++ -static-libgcc -L$(shell $(PG_CONFIG) --libdir) -lpq
install: install-manual
install-manual:
	$(MKDIR_P) '$(DESTDIR)$(shell $(PG_CONFIG) --mandir)/man1'
	$(INSTALL_DATA) docs/turnstone.1 '$(DESTDIR)$(shell $(PG_CONFIG) --mandir)/man1/'
uninstall: uninstall-manual
uninstall-manual:
	rm -f '$(DESTDIR)$(shell $(PG_CONFIG) --mandir)/man1/turnstone.1'
.PHONY: install-manual uninstall-manual
else
all: without-client
without-client:
	@echo "the command-line client is not built: no $(CLI_MISSING) (make deps installs what it needs)"
.PHONY: without-client
endif

# Compiled in the tests only: SQL functions that drive the guard and other insides from inside a server.
PROBE_OBJECTS = $(patsubst %.cpp,%.o,$(wildcard tests/server/*.cpp))
probe: build/turnstone_probe.so
build/turnstone_probe.so: $(PROBE_OBJECTS) $(filter-out src/server/turnstone.o src/server/functions.o,$(OBJS))
	@mkdir -p build
	$(CXX) $(CXXFLAGS) -fPIC -shared -o $@ $^ $(SHLIB_LINK)
-include $(PROBE_OBJECTS:.o=.d)
$(PROBE_OBJECTS): Makefile
.PHONY: probe
else
all install:
	@echo "pg_config is missing: run 'make deps' first"; exit 1
endif

.PHONY: help deps demo shell test unit sanitize regress isolation tap crash assert valgrind bench fuzz picture reference deb soak matrix upgrade-major peers tidy format check-format
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
deps: ## install what is missing (as root; otherwise prints the command)
	@scripts/deps
demo: ## the main job on a throw-away server, with the sample application's migrations
	@scripts/demo
shell: ## psql in the demo database; the server is stopped when you leave
	@scripts/demo --shell
test: ## every test: unit, sanitizers, regression, isolation, crash and dump
	@scripts/test
unit: ## unit tests of core
	@scripts/test unit
sanitize: ## unit tests of core under address and undefined sanitizers
	@scripts/test sanitize
regress: ## regression tests in a throw-away server
	@scripts/test regress
isolation: ## isolation tests in a throw-away server
	@scripts/test isolation
tap: ## tests that need more than one server command: dump, concurrency, cancel
	@scripts/test tap
crash: ## the long form of the crash test: every kill point in every way, alone and in a row
	@TURNSTONE_CRASH=long TAP_TESTS='006*' scripts/test tap
assert: ## the tests in a PostgreSQL with assertions on (PG_CONFIG of such a build)
	@scripts/test regress isolation tap
valgrind: ## the regression tests in a server under valgrind
	@scripts/valgrind
bench: ## ratios against a DO loop, psql and the peers that install, on the same work
	@scripts/bench
fuzz: ## libFuzzer over the readers of core, an hour over all (scripts/fuzz SECONDS TARGET... for others)
	@scripts/fuzz
picture: ## docs/demo.svg anew, from what the demo prints
	@scripts/demo-picture
reference: ## docs/reference.md anew, from the comments that the database holds
	@scripts/reference
deb: ## a Debian package for the PostgreSQL of PG_CONFIG (scripts/deb --try installs and uses it, on a fresh machine)
	@scripts/deb
soak: ## 10000 rounds of apply and rollback and 1000 runs in workers, in one server: what grows
	@scripts/soak
matrix: ## the tests on PostgreSQL 17 and 18 (PG_MATRIX: the command that runs another one on a Debian suite's PostgreSQL)
	@for suite in trixie sid; do $(PG_MATRIX) $$suite -- scripts/test unit regress isolation tap || exit 1; done
upgrade-major: ## a cluster with history through pg_upgrade to PostgreSQL 17 (PG_MATRIX as for matrix)
	@scripts/upgrade-major $(PG_MATRIX)
peers: ## other tools, installed from npm and Debian, side by side with turnstone: what each then says
	@scripts/peers
tidy: ## clang-tidy over all sources
	@scripts/tidy
format: ## clang-format, in place
	@clang-format -i $$(git ls-files '*.cpp' '*.hpp')
check-format: ## clang-format, as a check
	@clang-format --dry-run --Werror $$(git ls-files '*.cpp' '*.hpp')

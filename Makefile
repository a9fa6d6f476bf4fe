# photogate. `make help` lists what there is.
# Every build lives in build/$(MODE)/; nothing is written elsewhere but by `make install`.

MODE   ?= dev
BUILD  ?= build/$(MODE)
PREFIX ?= /usr/local
DESTDIR ?=
VERSION := 0.1.0

# make predefines CC and CXX: only a person's own choice wins over ours
ifeq ($(origin CC),default)
  CC := gcc
endif
ifeq ($(origin CXX),default)
  CXX := g++
endif
PKG_CONFIG ?= pkg-config

# The rooms, lowest first: a room may use those before it (`make layers` proves it).
ROOMS := base names rules policy register image ledger report gate cli
PURE  := base names rules

PACKAGES := libexif libjpeg libpng sqlite3 exempi-2.0 icu-i18n icu-uc jansson libcrypto libseccomp lcms2 libiptcdata \
	libheif libde265 libwebp libtiff-4
# Headers of libraries come in as -isystem: their warnings are theirs.
LIB_CFLAGS := $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags $(PACKAGES)))
LIB_LIBS   := $(shell $(PKG_CONFIG) --libs $(PACKAGES)) -lcsv -linih -lgif
# Debian ships opencv4.pc only with all of OpenCV; we use four of its libraries
CV_CFLAGS  := -isystem /usr/include/opencv4
CV_LIBS    := -lopencv_core -lopencv_imgproc -lopencv_objdetect -lopencv_dnn

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Wformat=2 \
	-Wundef -Wvla -Wswitch-enum -Wnull-dereference -Wduplicated-cond -Wduplicated-branches -Wlogical-op
WARN_C := $(WARN) -Wstrict-prototypes -Wmissing-prototypes -Wjump-misses-init
COMMON := -Iinclude -Isrc -D_GNU_SOURCE -DPHOTOGATE_VERSION='"$(VERSION)"' \
	-DPHOTOGATE_DATADIR='"$(PREFIX)/share/photogate"' -fno-common -MMD -MP -g
HARDEN := -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fPIE
LINK   := -Wl,-z,relro,-z,now

ifeq ($(MODE),dev)
  FLAGS := -O1 -Werror -fPIE
  LINK += -pie
else ifeq ($(MODE),release)
  FLAGS := -O2 $(HARDEN)
  LINK += -pie
else ifeq ($(MODE),asan)
  FLAGS := -O1 -Werror -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
  LINK += -fsanitize=address,undefined
  # -Wnull-dereference sees through the sanitizer's own checks
  WARN += -Wno-null-dereference
else ifeq ($(MODE),tsan)
  FLAGS := -O1 -Werror -fsanitize=thread
  LINK += -fsanitize=thread
else ifeq ($(MODE),analyze)
  FLAGS := -O1
  ANALYZE := -fanalyzer
else ifeq ($(MODE),fuzz)
  # make fuzz chooses this, and clang with it, whose warnings are not gcc's
  FLAGS := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
  LINK += -fsanitize=address,undefined
  WARN := -Wall -Wextra
  WARN_C := $(WARN)
else
  $(error MODE is one of dev, release, asan, tsan, analyze, fuzz)
endif

CFLAGS_ALL   := -std=c17 $(WARN_C) $(COMMON) $(FLAGS) $(ANALYZE) $(LIB_CFLAGS) $(CFLAGS)
CXXFLAGS_ALL := -std=c++17 $(WARN) $(COMMON) $(FLAGS) $(CV_CFLAGS) $(CXXFLAGS)

C_SOURCES   := $(sort $(foreach r,$(ROOMS),$(wildcard src/$(r)/*.c)))
CXX_SOURCES := $(sort $(foreach r,$(ROOMS),$(wildcard src/$(r)/*.cpp)))
OBJECTS     := $(C_SOURCES:%.c=$(BUILD)/%.o) $(CXX_SOURCES:%.cpp=$(BUILD)/%.o)
MAIN        := $(BUILD)/src/cli/main.o
ARCHIVE     := $(BUILD)/libphotogate.a
PROGRAM     := $(BUILD)/photogate

UNIT_SOURCES := $(sort $(wildcard tests/unit/test_*.c))
UNITS        := $(UNIT_SOURCES:%.c=$(BUILD)/%)

# Drawn pictures and the made-up school: linked into the fixture maker and the tests that draw.
DRAW_SOURCES := $(sort $(filter-out fixtures/make_%.c,$(wildcard fixtures/*.c)))
DRAW         := $(BUILD)/libfixtures.a

all: $(PROGRAM)

# The databases' schemas are embedded with .incbin, which -MMD does not see.
$(BUILD)/src/ledger/ledger_schema.o: consent/sql/ledger.sql
$(BUILD)/src/register/register_schema.o: consent/sql/register.sql

# Where it will be installed is compiled in: another PREFIX, another build of these two.
$(BUILD)/.prefix: FORCE
	@mkdir -p $(@D)
	@echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' >$@
$(BUILD)/src/gate/home.o $(BUILD)/src/gate/face_model.o: $(BUILD)/.prefix

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -c -o $@ $<

$(BUILD)/%.o: %.cpp Makefile
	@mkdir -p $(@D)
	$(CXX) $(CXXFLAGS_ALL) -c -o $@ $<

$(ARCHIVE): $(filter-out $(MAIN),$(OBJECTS))
	@rm -f $@
	$(AR) rcs $@ $^

$(DRAW): $(DRAW_SOURCES:%.c=$(BUILD)/%.o)
	@rm -f $@
	$(AR) rcs $@ $^

$(PROGRAM): $(MAIN) $(ARCHIVE)
	$(CXX) $(LINK) -o $@ $(MAIN) $(ARCHIVE) $(LIB_LIBS) $(CV_LIBS)

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(DRAW) $(ARCHIVE)
	$(CXX) $(LINK) -o $@ $< $(DRAW) $(ARCHIVE) -lcmocka $(LIB_LIBS) $(CV_LIBS)

$(BUILD)/make_fixtures: $(BUILD)/fixtures/make_fixtures.o $(DRAW) $(ARCHIVE)
	$(CXX) $(LINK) -o $@ $< $(DRAW) $(ARCHIVE) $(LIB_LIBS) $(CV_LIBS)

# The made-up school's photos, one for each rule and some that pass.
PHOTOS   := $(BUILD)/fixtures/photos
FIXTURES := $(BUILD)/fixtures/.made
$(FIXTURES): $(BUILD)/make_fixtures
	rm -rf $(PHOTOS)
	$< $(PHOTOS)
	touch $@

fixtures: $(FIXTURES)

## make demo      the made-up school's photos through the whole gate
demo:
	scripts/demo --no-install

# One unit test: make unit T=test_date
unit: $(BUILD)/tests/unit/$(T)
	$<

units: $(UNITS)

## make test      everything that must hold (MODE=asan make test: under the sanitizers)

include tests/fuzz/fuzz.mk

test: $(PROGRAM) $(UNITS) $(FIXTURES) $(REPLAYS) $(BUILD)/tests/fuzz/make_seeds layers
	tests/run $(BUILD) $(PHOTOS)

## make bless     rewrite the goldens of tests/cli from what the program does now: read the diff
bless: $(PROGRAM) $(FIXTURES)
	tests/cli/run --bless $(BUILD) $(PHOTOS)

## make corpus    every real photo of a folder beside the project (CORPUS=...), when it is there
CORPUS ?= ../shared/corpus
COLOURS := $(BUILD)/tests/corpus/colour_difference
$(COLOURS): $(COLOURS).o
	$(CC) $(LINK) -o $@ $< $(LIB_LIBS) -lm

corpus: $(PROGRAM) $(COLOURS)
	tests/corpus/run $(BUILD) $(CORPUS)

## make corpus-faces  how well faces are found in real photos with known faces (CORPUS=...), against the aims
corpus-faces: $(PROGRAM) $(BUILD)/tests/bench/bench_photos
	tests/corpus/faces $(BUILD) $(CORPUS)

## make captions  how well captions are judged, kind by kind (CAPTIONS=... for labelled ones beside the project)
CAPTIONS ?= ../shared/captions
captions: $(PROGRAM)
	tests/captions/score $(BUILD) $(CAPTIONS)

$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(DRAW) $(ARCHIVE)
	$(CXX) $(LINK) -o $@ $< $(DRAW) $(ARCHIVE) $(LIB_LIBS) $(CV_LIBS)

# What is installed is what is measured: a release build, unless BENCH_MODE says otherwise.
BENCHES := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/bench/bench_*.c)))
BENCH_MODE ?= release
bench-build: $(PROGRAM) $(BENCHES)
	scripts/bench $(BENCH_FLAGS) $(BUILD)

## make bench     CPU time and memory, against named peers, in one interleaved run
bench:
	$(MAKE) MODE=$(BENCH_MODE) bench-build

## make layers    prove from the object files that each room calls only what stands below it
layers: $(ARCHIVE) $(MAIN)
	scripts/layers $(BUILD)

## make lint      format, static analysis, shell scripts
FORMATTED = $(wildcard src/*/*.[ch] src/*/*.cpp include/photogate/*.h tests/unit/*.[ch] tests/fuzz/*.[ch] fixtures/*.[ch])
lint:
	clang-format --dry-run --Werror $(filter-out include/%,$(FORMATTED))
	cppcheck --quiet --std=c11 --language=c --enable=warning,performance,portability --inline-suppr \
		--suppress=missingIncludeSystem --suppress=nullPointerOutOfMemory --error-exitcode=1 \
		-D_GNU_SOURCE -DPHOTOGATE_VERSION='""' -DPHOTOGATE_DATADIR='""' -Iinclude -Isrc $(C_SOURCES)
	shellcheck $(shell grep -lE '^#!/bin/sh' scripts/* tests/run tests/cli/run tests/*/run .ci/run 2>/dev/null | sort -u)

## make install   program, manual page, policy profiles, word lists, templates (PREFIX, DESTDIR)
install: $(PROGRAM)
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/photogate
	install -D -m 644 scripts/photogate.1 $(DESTDIR)$(PREFIX)/share/man/man1/photogate.1
	install -D -m 755 scripts/ledger_verify.py $(DESTDIR)$(PREFIX)/share/photogate/ledger_verify.py
	install -D -m 755 scripts/fetch-face-model $(DESTDIR)$(PREFIX)/share/photogate/fetch-face-model
	install -d $(DESTDIR)$(PREFIX)/share/photogate/policies $(DESTDIR)$(PREFIX)/share/photogate/words \
		$(DESTDIR)$(PREFIX)/share/photogate/templates
	install -d $(DESTDIR)$(PREFIX)/share/photogate/nightly
	install -m 644 scripts/nightly/* $(DESTDIR)$(PREFIX)/share/photogate/nightly
	install -m 644 consent/policies/*.ini $(DESTDIR)$(PREFIX)/share/photogate/policies
	install -m 644 consent/words/*.txt $(DESTDIR)$(PREFIX)/share/photogate/words
	install -m 644 consent/templates/*.csv $(DESTDIR)$(PREFIX)/share/photogate/templates

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/photogate $(DESTDIR)$(PREFIX)/share/man/man1/photogate.1
	rm -rf $(DESTDIR)$(PREFIX)/share/photogate

## make clean     remove build/
clean:
	rm -rf build

help:
	@sed -n 's/^## //p' Makefile tests/fuzz/fuzz.mk
	@echo "MODE=dev|release|asan|tsan|analyze|fuzz chooses the build (now: $(MODE))"

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
FORCE:

.PHONY: FORCE corpus-faces captions all fixtures demo unit units test bless corpus bench bench-build layers lint install uninstall clean help
.SECONDARY:

# SPDX-License-Identifier: GPL-3.0-or-later
# Fuzz targets: driven by libFuzzer in a build of their own (make fuzz), replayed over their cases in any build (make test).

FUZZ_SOURCES := $(sort $(wildcard tests/fuzz/fuzz_*.c))
REPLAYS      := $(FUZZ_SOURCES:tests/fuzz/fuzz_%.c=$(BUILD)/tests/fuzz/replay_%)
FUZZERS      := $(FUZZ_SOURCES:%.c=$(BUILD)/%)

$(BUILD)/tests/fuzz/replay_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay_main.o $(ARCHIVE)
	$(CXX) $(LINK) -o $@ $(filter %.o,$^) $(ARCHIVE) $(LIB_LIBS) $(CV_LIBS)

$(BUILD)/tests/fuzz/make_seeds: $(BUILD)/tests/fuzz/make_seeds.o $(DRAW) $(ARCHIVE)
	$(CXX) $(LINK) -o $@ $< $(DRAW) $(ARCHIVE) $(LIB_LIBS) $(CV_LIBS)

$(FUZZERS): $(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(ARCHIVE)
	$(CXX) $(LINK) -fsanitize=fuzzer -o $@ $< $(ARCHIVE) $(LIB_LIBS) $(CV_LIBS)

fuzz-build: $(FUZZERS) $(BUILD)/tests/fuzz/make_seeds $(FIXTURES)
	tests/fuzz/run $(BUILD) $(PHOTOS) $(TIME) $(TARGETS)

## make fuzz      libFuzzer on each reader for TIME seconds (TIME=60; TARGETS="exif xmp" for some); needs clang
TIME  ?= 60
CLANG ?= clang-14
fuzz:
	@command -v $(CLANG) >/dev/null || { echo "make fuzz: $(CLANG) is not installed" >&2; exit 1; }
	$(MAKE) MODE=fuzz CC=$(CLANG) CXX=$(CLANG:clang%=clang++%) TIME=$(TIME) TARGETS="$(TARGETS)" fuzz-build

.PHONY: fuzz fuzz-build

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

PACKAGES := libexif libjpeg libpng sqlite3 exempi-2.0 icu-i18n icu-uc jansson libcrypto libseccomp lcms2 libiptcdata
# Headers of libraries come in as -isystem: their warnings are theirs.
LIB_CFLAGS := $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags $(PACKAGES)))
LIB_LIBS   := $(shell $(PKG_CONFIG) --libs $(PACKAGES)) -lcsv -linih
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
else
  $(error MODE is one of dev, release, asan, tsan, analyze)
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

all: $(PROGRAM)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -c -o $@ $<

$(BUILD)/%.o: %.cpp Makefile
	@mkdir -p $(@D)
	$(CXX) $(CXXFLAGS_ALL) -c -o $@ $<

$(ARCHIVE): $(filter-out $(MAIN),$(OBJECTS))
	@rm -f $@
	$(AR) rcs $@ $^

$(PROGRAM): $(MAIN) $(ARCHIVE)
	$(CXX) $(LINK) -o $@ $(MAIN) $(ARCHIVE) $(LIB_LIBS) $(CV_LIBS)

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(ARCHIVE)
	$(CXX) $(LINK) -o $@ $< $(ARCHIVE) -lcmocka $(LIB_LIBS) $(CV_LIBS)

# One unit test: make unit T=test_date
unit: $(BUILD)/tests/unit/$(T)
	$<

units: $(UNITS)
	@set -e; for u in $(UNITS); do echo "== $$u"; $$u; done

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
.PHONY: all unit units
.SECONDARY:

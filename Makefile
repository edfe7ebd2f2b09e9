# SPDX-License-Identifier: MIT
#
# The user's doors. Everything else is harness/reaplab, which is what CI calls.

PLAN ?= preview
ACCEL ?= auto
JOBS ?= $(shell nproc)
KERNEL_TREE ?=
PLOTS ?= gnuplot
NUGET_SOURCE ?=

REAPLAB := harness/reaplab
RUN_OPTIONS := --accel $(ACCEL) --jobs $(JOBS) --plots $(PLOTS) $(if $(SSH),--ssh $(SSH)) \
	$(if $(KERNEL_TREE),--kernel-tree $(KERNEL_TREE))

VERIFY_OPTIONS := --accel $(ACCEL) --jobs $(JOBS) $(if $(SSH),--ssh $(SSH)) $(if $(STACKED),--stacked)

# make turns every failure into its own status 2; the last line says the real one.
define finish
	status=$$?; \
	case $$status in \
	0) meaning=fine;; \
	1) meaning='a regression beyond the declared threshold, or a failed test';; \
	2) meaning='usage or configuration';; \
	3) meaning='host or infrastructure';; \
	4) meaning='too few valid trials';; \
	5) meaning='the kernel under test crashed or hung';; \
	130) meaning=interrupted;; \
	*) meaning=unknown;; \
	esac; \
	echo "reaplab: exit $$status ($$meaning)"; \
	exit $$status
endef

help:            ## this list
	@awk -F '##' '/^[a-z-]+:.*##/ { split($$1, t, ":"); printf "  make %-12s %s\n", t[1], $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  variables: PLAN=$(PLAN) ACCEL=auto|kvm|tcg KERNEL_TREE=path JOBS=$(JOBS)"
	@echo "             STACKED=1 (verify-all: approaches share debug kernels)"
	@echo "             PLOTS=gnuplot|scottplot SSH=openssh|ssh.net REAPLAB_CACHE=folder"

bench: deps plugins-if-changed ## build the kernels of PLAN, run it, print the table, draw the plots
	@$(REAPLAB) run $(PLAN) $(RUN_OPTIONS); $(finish)

smoke: deps plugins-if-changed ## the same with two kernels, one scenario and few trials
	@$(REAPLAB) run smoke $(RUN_OPTIONS); $(finish)

deps:            ## install missing packages (as root), or print the line that does
	@harness/dependencies install || { echo "reaplab: exit 3 (host or infrastructure)"; exit 3; }

test: deps plugins-if-changed ## all tests, real boots included
	@harness/run-tests all

test-unit:       ## the tests that need no VM
	@harness/run-tests unit

verify-all: deps plugins-if-changed ## every approach's tests in both flavours, stress and leaks; goes on where it stopped, records what passes
	@$(REAPLAB) verify all --both --record $(VERIFY_OPTIONS); tests=$$?; \
	$(REAPLAB) verify all --stress --leaks --record $(VERIFY_OPTIONS) && (exit $$tests); $(finish)

plugins:         ## build the plug-ins whose packages the NuGet feed has
	@harness/build-plugins $(NUGET_SOURCE) $(NUGET_PACKAGES)

plugins-if-changed:
	@harness/build-plugins --if-changed

format:          ## format the C# sources
	@cd harness && dotnet tool restore >/dev/null && dotnet csharpier format .

lint:            ## check formatting, analyzers, the guest side and the kernel series
	@harness/run-tests lint

clean:           ## remove what was built in the checkout; the cache stays
	@rm -rf harness/bin harness/plugins workloads/build
	@find harness -type d \( -name obj -o -name bin \) -prune -exec rm -rf {} +

.PHONY: help bench smoke deps test test-unit verify-all plugins plugins-if-changed format lint clean
.DEFAULT_GOAL := help

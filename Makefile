# MockSre: from a clone to a visible incident. `make help` lists the targets.

URL ?= http://localhost:8000
override URL := $(patsubst %/,%,$(URL))
N ?= 50
C ?= 10
ARGS ?=
BUILT ?=

PUBLISHED := artifacts/publish/MockSre.Web.dll
CHECKS := dotnet run --no-build --project tools/MockSre.Checks --configuration Release --

.DEFAULT_GOAL := help
.PHONY: help setup seed release alerts run dev test verify style check load investigate check-program check-modes check-investigate check-blind check-openapi check-faults bench screenshots keys schema publish checks

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Restore all dependencies
	dotnet restore

seed: publish ## Create the tables and fill them with the same data again
	dotnet $(PUBLISHED) seed

release: .env publish ## Announce the incident's releases, commits and deploys to Sentry
	@dotnet $(PUBLISHED) release

alerts: .env publish ## Create Sentry's alerts on latency and errors
	@dotnet $(PUBLISHED) alerts

run: .env publish ## Serve on http://localhost:8000 (ARGS="--port 9000" for elsewhere; ARGS=--help for all options)
	@exec dotnet $(PUBLISHED) $(ARGS)

dev: .env ## Serve with hot reload
	dotnet watch --project src/MockSre.Web run -- $(ARGS)

TESTS := $(if $(BUILT),--no-build) --configuration Release --nologo --blame-hang-timeout 5m --blame-hang-dump-type none --logger "console;verbosity=normal"
WITH_PROGRESS := | awk -f tests/progress.awk

# Without pipefail, awk's exit code would hide a failure.
test check-program: SHELL := bash
test check-program: .SHELLFLAGS := -o pipefail -c

# Services of a test live for a minute, and share the processors with others. Compiling their hot methods again would take a quarter of
# the time, and threads that spin before they sleep a twentieth.
test check-program check-investigate check-blind check-faults: export DOTNET_TC_CallCounting := 0
test check-program check-investigate check-blind check-faults: export DOTNET_ThreadPool_UnfairSemaphoreSpinLimit := 0

# These run for minutes, so compiling once and well is cheapest.
check-investigate check-blind: export DOTNET_TieredCompilation := 0

test: ## Run the test suite (2 to 3 minutes on two quiet cores)
	@echo "The tests take 2 to 3 minutes on two quiet cores$(if $(wildcard tests/MockSre.Web.Tests/bin/Release/*/MockSre.Web.Tests.dll),,; building them the first time takes more than a minute)."
	@dotnet test --filter "Category!=RealTime" $(TESTS) $(WITH_PROGRESS)

verify: test ## The same as test

style: ## Check whitespace and the order of using directives, which the build does not
	@dotnet format whitespace --folder . --verify-no-changes
	@dotnet format style --verify-no-changes --diagnostics IDE0055

# What mostly waits for real time runs side by side. What keeps the processors busy has the time that it leaves: the tests of the program
# and then the busy faults. What measures milliseconds runs alone.
check: publish checks ## Run all checks that need real time: the program, modes, OpenAPI document, investigation, blind runs, faults (more than 10 minutes)
	@failed=0; \
	nice $(MAKE) --no-print-directory --keep-going check-program check-openapi check-faults ONLY=busy & busy=$$!; \
	$(MAKE) --no-print-directory -j3 --keep-going --output-sync=target check-investigate check-blind check-faults ONLY=waiting || failed=1; \
	wait $$busy || failed=1; \
	$(MAKE) --no-print-directory check-modes || failed=1; \
	exit $$failed

load: ## Fire 50 requests with curl, ten at a time (N=50 C=10 URL=http://localhost:8000)
	@sh -c 'for n in "$(N)" "$(C)"; do case "$$n" in ""|*[!0-9]*|0*) echo "N and C are whole numbers from 1" >&2; exit 2;; esac; done'
	@seq 1 $(N) \
	  | awk '{ print "$(URL)/api/users/profile/" ($$1 - 1) % 10 + 1 }' \
	  | { xargs -P $(C) -n 1 curl -s -o /dev/null -w '%{http_code} %{time_total}\n' || true; } \
	  | sort -n -k 2 \
	  | awk '{ count[$$1]++; if ($$1 != "000") time[++answers] = $$2 } \
	      function percentile(p, rank) { rank = int(answers * p / 100); if (rank < answers * p / 100) rank++; return time[rank] * 1000 } \
	      END { for (status in count) print (status == "000" ? "no answer" : status) ": " count[status] | "sort"; close("sort"); \
	        if (!answers) { print "Nothing answers at $(URL): is the service running?"; exit 1 } \
	        printf "median %.0f ms, 95th percentile %.0f ms\n", percentile(50), percentile(95) }'

investigate: ## Play an incident with the example investigator (SCENARIO=incident_b SEED= BLIND= URL=, or INCIDENT=its id)
	@[ -e samples/MockSre.Investigator/bin/Release/net10.0/MockSre.Investigator.dll ] || echo "Building the example investigator."
	@URL="$(URL)" SCENARIO="$(SCENARIO)" SEED="$(SEED)" BLIND="$(BLIND)" INCIDENT="$(INCIDENT)" dotnet run --project samples/MockSre.Investigator --configuration Release

check-program: publish ## Run the tests that start and stop the program, open the console in a browser, or stand behind nginx
	@for browser in $${CHROMIUM:-chromium-headless-shell chromium google-chrome chromium-browser}; do command -v "$$browser" > /dev/null && exit; done; echo "No Chromium: tests in a browser will be skipped; apt-get install chromium-headless-shell, or CHROMIUM=/path/to/chromium make check-program."
	@PATH="$$PATH:/usr/sbin" command -v nginx > /dev/null || echo "No nginx: tests behind a proxy will be skipped; apt-get install nginx."
	@SERVICE="$(CURDIR)/$(PUBLISHED)" dotnet test tests/MockSre.Web.Tests --filter "Category=RealTime" $(TESTS) $(WITH_PROGRESS)

check-modes: checks ## Assert over HTTP, with real durations, what each mode must show
	$(CHECKS) modes --service "$(CURDIR)/$(PUBLISHED)"

check-investigate: checks ## Have the example investigator play Incident B blind, in real time, and assert that it is scored
	$(CHECKS) investigate --service "$(CURDIR)/$(PUBLISHED)"

check-blind: checks ## Play every scenario blind, at once and in real time, and search all public answers for leaks
	$(CHECKS) blind --service "$(CURDIR)/$(PUBLISHED)"

check-openapi: checks tools/openapi/node_modules ## Lint the OpenAPI document with Redocly CLI and Spectral
	$(CHECKS) openapi --service "$(CURDIR)/$(PUBLISHED)"

check-faults: checks ## Kill the service, fill its disk, flood it, start a second one, and assert that its runs survive (ONLY=one part)
	$(CHECKS) faults $(if $(ONLY),--only "$(ONLY)") --service "$(CURDIR)/$(PUBLISHED)"

bench: checks ## Measure speed as ratios against a bare host
	$(CHECKS) bench --service "$(CURDIR)/$(PUBLISHED)"

screenshots: ## Play the demo in a browser and take the pictures in assets/
	SCREENSHOTS="$(CURDIR)/assets" REQUIRE_CHROMIUM=1 dotnet test tests/MockSre.Web.Tests --configuration Release --filter FullyQualifiedName~ScreenshotTests

keys: ## Play every repair of every scenario on a fake clock, and write its effect into fixtures/scenarios/keys
	@dotnet run --project tools/MockSre.Scenarios --configuration Release -- keys

schema: ## Write fixtures/scenarios/traits.schema.json from the settings of all faults
	@dotnet run --project tools/MockSre.Scenarios --configuration Release -- schema

publish: $(PUBLISHED)

# Everything that goes into the program. Folders count too, because deleting a file changes only its folder.
SOURCES := Directory.Build.props Directory.Build.targets Directory.Packages.props BannedSymbols.txt global.json \
	$(shell find src fixtures \( -name bin -o -name obj \) -prune -o -print)

$(PUBLISHED): $(SOURCES)
	@echo "Building MockSre$(if $(wildcard $@),,; the first time takes about a minute)."
	@dotnet publish src/MockSre.Web --configuration Release --output $(@D) --nologo --verbosity quiet
	@touch $@

# Built once, also for checks that run at the same time.
checks: publish
	@[ -e tools/MockSre.Checks/bin/Release/net10.0/MockSre.Checks.dll ] || echo "Building the checks; the first time takes about half a minute."
	@dotnet build tools/MockSre.Checks --configuration Release --nologo --verbosity quiet

tools/openapi/node_modules: tools/openapi/package.json tools/openapi/package-lock.json
	@command -v node npm > /dev/null || { echo "The linters need Node.js 20.19 or later, with npm: install both." >&2; exit 1; }
	@npm ci --prefix tools/openapi --ignore-scripts --no-audit --no-fund
	@touch $@

.env:
	@cp .env.example .env && echo "Wrote .env from .env.example (ENV=demo)."

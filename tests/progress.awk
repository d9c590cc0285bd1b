# Shortens the output of the test runner: a line for every 200 tests, every failure in full, and a line with totals for each project.
# .ci/run counts these totals.

# The runner's own messages.
/^\[xUnit.net / || /^Test Run / || /^Total tests: / || /^ +(Passed|Failed|Skipped): [0-9]+$/ || / Total time: / { next }

# Example: "  Passed MockSre.Web.Tests.Http.HostGuardTests.Loopback_OtherHost_Is400(host: "x") [3 ms]".
/^  (Passed|Failed|Skipped) MockSre\./ {
  project = $2
  sub(/\.Tests\..*/, ".Tests", project)
  total[project]++
  count[project, $1]++
  if (++all % 200 == 0) {
    print "  " all " tests done"
    fflush()
  }

  failing = $1 == "Failed"
  if (!failing) {
    next
  }
}

# The services under test write to the same output, without an indent.
/^Test run for / { testing = 1 }
/^  Stack Trace:/ { traced = 1 }
traced && /^[^ -]/ { failing = traced = 0 }
testing && !failing && !/^Test run for |[Aa]borted|[Cc]rashed|Hang/ { next }

{
  print
  fflush()
}

END {
  for (project in total) {
    printf "%s!  - Failed: %d, Passed: %d, Skipped: %d, Total: %d - %s\n", count[project, "Failed"] ? "Failed" : "Passed", \
      count[project, "Failed"], count[project, "Passed"], count[project, "Skipped"], total[project], project
  }
}

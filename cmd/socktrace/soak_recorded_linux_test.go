package main

import (
	"encoding/json"
	"os"
	"regexp"
	"strconv"
	"testing"
)

// countIn returns how many of something the summary tells.
func countIn(t testing.TB, summary, what string) int64 {
	t.Helper()
	m := regexp.MustCompile(`\bsocktrace: (?:\d+ connections?, )?(\d+) ` + what + `s?\b[, ]`).FindStringSubmatch(summary)
	if m == nil {
		t.Fatalf("no %ss in %q", what, summary)
	}
	n, _ := strconv.ParseInt(m[1], 10, 64)
	return n
}

// silentIn returns how many connections strace has seen where nothing was said.
func silentIn(summary string) (n int64) {
	if m := regexp.MustCompile(`\bsocktrace: strace: (\d+) connections? without HTTP`).FindStringSubmatch(summary); m != nil {
		n, _ = strconv.ParseInt(m[1], 10, 64)
	}
	return n
}

// checkSoakHAR compares the recording with what was counted, and with what clients know.
func checkSoakHAR(t testing.TB, name string, exchanges int64, right map[string]int) {
	t.Helper()
	entries, done := readSoakHAR(t, name)
	check(t, "entries", entries, exchanges)
	for target, n := range right {
		if done[target] < n {
			t.Errorf("%s went well %d times, and is recorded %d times", target, n, done[target])
		}
	}
}

// readSoakHAR returns how many exchanges a recording has, and how often each came to its
// end.
func readSoakHAR(t testing.TB, name string) (entries int64, done map[string]int) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := json.NewDecoder(f)
	for {
		token, err := d.Token()
		if err != nil {
			t.Fatalf("no entries: %v", err)
		}
		if token == "entries" {
			break
		}
	}
	if _, err := d.Token(); err != nil { // [
		t.Fatal(err)
	}
	done = map[string]int{}
	for d.More() {
		var e struct {
			Own struct {
				Exchange      int
				Target, State string
			} `json:"_socktrace"`
		}
		if err := d.Decode(&e); err != nil {
			t.Fatal(err)
		}
		if e.Own.Exchange == 0 {
			continue // it is none
		}
		if entries++; e.Own.State == "done" {
			done[e.Own.Target]++
		}
	}
	return entries, done
}

//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// recordedDemo returns a recording of the demo.
func recordedDemo(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "demo.har")
	check(t, "demo", socktrace(t, nil, "demo", "-q", "--har", file).end().status, "exit status 0")
	return file
}

// TestPolicy writes what the demo asks for as rules of all proxies, in all forms, and compares
// the demo with each: nothing would be denied.
func TestPolicy(t *testing.T) {
	t.Parallel()
	demo := recordedDemo(t)
	overview := socktrace(t, nil, "policy", demo).end()
	check(t, "status", overview.status, "exit status 0")
	for _, says := range []string{"18 requests of ", "\n  ContainerCreate   POST /containers/create           1  ", "--for wollomatic       11         0  -", "The rules: socktrace policy --for PROXY " + demo + "\n"} {
		if !strings.Contains(overview.out, says) {
			t.Errorf("%q is not there:\n%s", says, overview.out)
		}
	}
	releases := map[string]string{"tecnativa": " after 0.5.0", "linuxserver": " since 3.4.4"}
	for proxy, forms := range map[string]string{"tecnativa": "compose env", "linuxserver": "compose env", "wollomatic": "compose flags env labels", "cetusguard": "compose rules"} {
		for form := range strings.FieldsSeq(forms) {
			file := filepath.Join(filepath.Dir(demo), proxy+"."+form)
			for range 2 { // it is replaced
				got := socktrace(t, nil, "policy", "--for", proxy, "--as", form, "-o", file, demo).end()
				check(t, proxy+" "+form, got.status+got.out+got.err, "exit status 0socktrace: "+file+": rules for "+proxy+", of 11 operations\n")
			}
			args := []string{"policy", "--check", file, demo}
			if proxy == "linuxserver" {
				args = append(args, "--for", proxy)
			}
			got := socktrace(t, nil, args...).end()
			check(t, proxy+" "+form, got.status+got.out+got.err, "exit status 0"+"None of 18 requests would have been denied by "+file+" ("+proxy+releases[proxy]+").\n")
		}
	}
}

// TestPolicyCheck says what rules would have denied.
func TestPolicyCheck(t *testing.T) {
	t.Parallel()
	demo := recordedDemo(t)
	rules := filepath.Join(filepath.Dir(demo), "some.rules")
	if err := os.WriteFile(rules, []byte("GET,HEAD .*\nPOST %API_PREFIX_CONTAINERS%/.*\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := socktrace(t, nil, "policy", "--check", rules, demo).end()
	check(t, "status", got.status, "exit status 1")
	if !strings.HasPrefix(got.out, "1 of 18 requests would have been denied by "+rules+" (cetusguard):\n\n  CLIENT ") ||
		!strings.Contains(got.out, "  ContainerDelete      1  DELETE /v1.") {
		t.Errorf("%s", got.out)
	}
	for args, says := range map[string]string{
		"policy":                                                "policy: no file",
		"policy --for x a.har":                                  `--for "x": not one of tecnativa, linuxserver, wollomatic, cetusguard`,
		"policy --for wolomatic a":                              "did you mean wollomatic?",
		"policy --as env a.har":                                 "--as needs --for PROXY",
		"policy --for cetusguard --as env a.har":                `--as "env": for cetusguard it is one of compose, rules`,
		"policy --for cetusguard --as rules --check x a.har":    "--as and --check exclude each other",
		"policy --check no-such a.har":                          "--check: open no-such: no such file or directory",
		"policy --check " + demo + " " + demo:                   "line 1: no rule of a proxy that is known",
		"demo --policy-for wollomatic":                          "--policy-for needs --policy FILE",
		"demo -q --policy x --policy-for y":                     `--policy-for "y": not one of`,
		"demo --policy x --har x":                               "--har and --policy cannot both be x",
		"policy -o " + rules + " --check " + rules + " " + demo: "would be written over while it is read",
	} {
		got := socktrace(t, nil, strings.Fields(args)...).end()
		if got.status != "exit status 2" || !strings.Contains(got.err, says) {
			t.Errorf("%s: %s, %q", args, got.status, got.err)
		}
	}
}

// TestPolicyLive writes rules when a live trace ends, also by a signal: what was there before is
// there until then, and stays if nothing was asked for.
func TestPolicyLive(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "proxy.yaml")
	if err := os.WriteFile(file, []byte("# Written by socktrace policy. Before.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	demo := func(args ...string) *process {
		return socktrace(t, nil, append([]string{"demo", "-q", "--policy", file, "--policy-for", "cetusguard"}, args...)...)
	}
	got := demo("--errors").end()
	text := readFile(t, file)
	if got.status != "exit status 0" || !strings.Contains(text, "\n        GET %API_PREFIX_") && !strings.Contains(text, "\n        POST %API_PREFIX_") || strings.Contains(text, "_PING") {
		t.Errorf("%s%s\n%s", got.status, got.err, text)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	before := text
	if got := demo("--filter", "status == 999").end(); got.status != "exit status 0" || readFile(t, file) != before || !strings.Contains(got.err, file+": not written: there were no requests\n") {
		t.Errorf("%s%s\n%s", got.status, got.err, readFile(t, file))
	}
	p := demo("--pcapng", filepath.Join(filepath.Dir(file), "x.pcapng"))
	await(t, "traffic", func() bool {
		info, err := os.Stat(filepath.Join(filepath.Dir(file), "x.pcapng"))
		return err == nil && info.Size() > 4000
	})
	check(t, "meanwhile", readFile(t, file), before)
	got = p.stop(syscall.SIGINT)
	if text := readFile(t, file); text == before || !strings.Contains(text, "_PING%") || !strings.Contains(got.err, file+": rules for cetusguard, of ") {
		t.Errorf("%s%s\n%s", got.status, got.err, text)
	}
	if got := socktrace(t, nil, "demo", "-q", "--policy", filepath.Join(filepath.Dir(file), "no", "x")).end(); got.status != "exit status 1" || !strings.Contains(got.err, "policy: ") {
		t.Errorf("%s%s", got.status, got.err)
	}
	all, err := os.ReadDir(filepath.Dir(file))
	if err != nil || len(all) != 2 {
		t.Errorf("left over: %v, %v", all, err)
	}
}

// TestPolicyTells: what is an audit and no recording, and variables that no release knows.
func TestPolicyTells(t *testing.T) {
	t.Parallel()
	demo := recordedDemo(t)
	file := func(name string) string { return filepath.Join(filepath.Dir(demo), name) }
	check(t, "audit", socktrace(t, nil, "read", "-q", "--audit", file("audit.jsonl"), demo).end().status, "exit status 0")
	for _, command := range []string{"policy", "stats", "read"} {
		got := socktrace(t, nil, command, file("audit.jsonl")).end()
		check(t, command, got.status+got.out+got.err, "exit status 1socktrace: "+file("audit.jsonl")+": neither HAR, JSON lines, pcap, pcapng nor strace: it is an audit (--audit), no recording\n")
	}
	if err := os.WriteFile(file("x.env"), []byte("CONTAINERS=1\nALLOW_LOG=1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := socktrace(t, nil, "policy", "--check", file("x.env"), demo).end()
	if got.status != "exit status 1" || got.err != "socktrace: "+file("x.env")+": no release of Tecnativa/docker-socket-proxy knows ALLOW_LOG: it lets in nothing\n" ||
		!strings.Contains(got.out, "  ContainerLogs        1  GET /v1.") {
		t.Errorf("%s %s\n%s", got.status, got.err, got.out)
	}
}

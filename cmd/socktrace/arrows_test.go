package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows says which packages of the module each one may import, tests aside.
var arrows = map[string][]string{
	"wire":             {},
	"intercept":        {"internal/certificate", "wire"},
	"intercept/pcap":   {"internal/handshake", "internal/jsontext", "internal/plural", "internal/spool", "wire"},
	"intercept/strace": {"internal/plural", "wire"},
	"decode":           {"decode/internal/anomaly", "decode/internal/body", "decode/internal/budget", "decode/internal/content", "decode/internal/http1", "decode/internal/http2", "decode/internal/proxyproto", "decode/internal/socks", "decode/internal/tls", "decode/internal/window", "internal/memory", "protobuf", "wire"},
	// The rooms of decode, from the top down.
	"decode/internal/http1":   {"decode/internal/anomaly", "decode/internal/body", "decode/internal/content", "decode/internal/http2", "decode/internal/window", "dockerapi", "internal/scan", "wire"},
	"decode/internal/body":    {"decode/internal/anomaly", "decode/internal/budget", "decode/internal/coding", "decode/internal/content", "decode/internal/window", "dockerapi", "internal/media", "internal/jsontext", "protobuf", "wire"},
	"decode/internal/content": {"decode/internal/anomaly", "decode/internal/budget", "decode/internal/coding", "decode/internal/window", "internal/media", "internal/jsontext", "internal/protowire", "internal/websocket", "protobuf", "wire"},
	"decode/internal/coding":  {"decode/internal/anomaly", "decode/internal/budget", "internal/media"},
	"decode/internal/window":  nil,
	"decode/internal/budget":  {"internal/memory"},
	"decode/internal/anomaly": {"internal/plural"},
	"decode/internal/http2":   {"decode/internal/anomaly", "decode/internal/body", "decode/internal/content", "decode/internal/http2/hpack", "decode/internal/window", "internal/plural", "wire"},

	"decode/internal/http2/hpack": {"wire"},
	"internal/markup/markuptest":  nil, // of tests

	"decode/internal/proxyproto": nil,
	"decode/internal/socks":      nil,
	"decode/internal/tls":        {"decode/internal/anomaly", "decode/internal/budget", "decode/internal/window", "internal/certificate", "keylog", "wire"},
	"keylog":                     {"internal/memory", "internal/plural"},

	"redact":                   {"dockerapi", "internal/jsontext", "internal/media", "internal/memory", "internal/scan", "redact/internal/chars", "redact/internal/field", "redact/internal/form", "redact/internal/frames", "redact/internal/head", "redact/internal/jsonmask", "redact/internal/loose", "redact/internal/mask", "redact/internal/name", "redact/internal/query", "redact/internal/text", "wire"},
	"redact/internal/chars":    nil,
	"redact/internal/field":    {"redact/internal/chars", "redact/internal/memo", "redact/internal/name", "redact/internal/words", "wire"},
	"redact/internal/form":     {"redact/internal/chars", "redact/internal/mask", "redact/internal/words"},
	"redact/internal/frames":   {"redact/internal/form", "redact/internal/mask", "wire"},
	"redact/internal/head":     {"internal/rpcstatus", "redact/internal/field", "redact/internal/form", "redact/internal/jsonmask", "redact/internal/mask", "redact/internal/query", "redact/internal/text", "wire"},
	"redact/internal/jsonmask": {"internal/jsontext", "internal/scan", "redact/internal/chars", "redact/internal/form", "redact/internal/key", "redact/internal/mask", "redact/internal/name", "redact/internal/text", "redact/internal/words"},
	"redact/internal/key":      {"internal/scan", "redact/internal/memo", "redact/internal/name", "redact/internal/words"},
	"redact/internal/loose":    {"redact/internal/chars", "redact/internal/form", "redact/internal/jsonmask", "redact/internal/mask", "redact/internal/name", "redact/internal/query", "redact/internal/text"},
	"redact/internal/mask":     nil,
	"redact/internal/masktest": nil,
	"redact/internal/memo":     nil,
	"redact/internal/name":     {"redact/internal/chars", "redact/internal/form", "redact/internal/memo", "redact/internal/words"},
	"redact/internal/query":    {"redact/internal/chars", "redact/internal/form", "redact/internal/jsonmask", "redact/internal/mask", "redact/internal/name", "redact/internal/text", "redact/internal/words"},
	"redact/internal/text":     {"redact/internal/chars", "redact/internal/field", "redact/internal/key", "redact/internal/mask", "redact/internal/memo", "redact/internal/name", "redact/internal/words"},
	"redact/internal/words":    {"redact/internal/chars"},

	"lanes":                {"wire"},
	"flow":                 {"internal/memory", "internal/plural", "wire"},
	"subject":              {"dockerapi", "internal/jsontext", "wire"},
	"filter":               {"dockerapi", "internal/jsontext", "internal/memory", "internal/spelling", "wire"},
	"stats":                {"dockerapi", "internal/jsontext", "wire"},
	"fault":                {"dockerapi", "filter", "intercept", "internal/spelling", "internal/units", "wire"},
	"policy":               {"dockerapi", "internal/escape", "internal/jsontext", "internal/plural", "internal/shortid", "wire"},
	"otlp":                 {"dockerapi", "internal/httpclient", "internal/jsontext", "internal/plural", "internal/protowire", "otlp/disk", "risk", "wire"},
	"otlp/disk":            {"internal/openfile", "internal/plural", "internal/protowire"},
	"buildkit":             {"internal/plural", "wire"},
	"explain":              {"dockerapi", "internal/plural", "wire"},
	"render":               {"buildkit", "diff", "dockerapi", "equivalent", "explain", "internal/about", "internal/escape", "internal/handshake", "internal/jsontext", "internal/plural", "internal/rpcstatus", "internal/scan", "internal/shortid", "internal/units", "stats", "wire"},
	"equivalent":           {"dockerapi", "internal/jsontext", "internal/plural", "internal/scan", "wire"},
	"compare":              {"dockerapi", "internal/jsontext", "redact", "wire"},
	"replay":               {"compare", "diff", "dockerapi", "internal/websocket", "redact", "wire"},
	"diff":                 {"compare", "dockerapi", "internal/jsontext", "internal/markup", "internal/plural", "internal/shortid", "internal/units", "wire"},
	"lesson":               {"buildkit", "dockerapi", "equivalent", "explain", "internal/escape", "internal/jsontext", "internal/markup", "internal/plural", "internal/shortid", "internal/units", "wire"},
	"serve":                {"compare", "decode", "dockerapi", "flow", "intercept", "internal/escape", "internal/jsontext", "internal/memory", "internal/plural", "internal/rpcstatus", "internal/websocket", "keylog", "protobuf", "recording", "redact", "subject", "wire"},
	"servetest":            {"intercept", "serve"},
	"har":                  {"dockerapi", "internal/about", "internal/handshake", "internal/jsontext", "internal/media", "internal/openfile", "internal/plural", "internal/spool", "wire"},
	"dockerapi":            {"internal/jsontext", "wire"},
	"audit":                {"audit/chain", "dockerapi", "internal/jsontext", "internal/spool", "risk", "wire"},
	"audit/chain":          {"internal/openfile"},
	"audit/alert":          {"internal/httpclient"},
	"risk":                 {"dockerapi", "internal/jsontext", "wire"},
	"dockercli":            {"intercept"},
	"docs":                 nil,
	"localca":              {"internal/openfile"},
	"demo":                 {"internal/transcript", "wire"},
	"demo/record":          {"dockercli", "intercept", "internal/transcript"},
	"recording":            {"har", "intercept/pcap", "intercept/strace", "internal/openfile", "recording/jsonl", "wire"},
	"recording/jsonl":      {"dockerapi", "internal/about", "internal/handshake", "wire"},
	"protobuf":             {"internal/jsontext", "internal/protowire"},
	"internal/protowire":   nil,
	"internal/about":       {"internal/jsontext", "internal/rpcstatus", "wire"},
	"internal/handshake":   {"internal/jsontext", "wire"},
	"internal/httpclient":  nil,
	"internal/rpcstatus":   {"protobuf"},
	"internal/plural":      nil,
	"internal/proctable":   {"wire"},
	"internal/spelling":    nil,
	"internal/manpage":     nil,
	"internal/markup":      {"internal/escape"},
	"internal/media":       {"internal/jsontext"},
	"internal/jsontext":    {"internal/scan"},
	"internal/escape":      {"internal/scan"},
	"internal/openfile":    nil,
	"internal/need":        nil,
	"internal/scan":        nil,
	"internal/spool":       nil,
	"internal/memory":      nil,
	"internal/transcript":  {"wire"},
	"internal/tracetest":   {"flow", "internal/transcript", "wire"},
	"internal/certificate": {"wire"},
	"internal/shortid":     nil,
	"internal/units":       nil,
	"internal/websocket":   {"wire"},
	"internal/testca":      nil,
	"internal/testpeer":    nil,
	"internal/picture":     nil,
	"cmd/socktrace":        {"audit", "audit/alert", "audit/chain", "decode", "demo", "diff", "dockerapi", "dockercli", "docs", "equivalent", "explain", "fault", "filter", "flow", "har", "intercept", "intercept/pcap", "intercept/strace", "internal/certificate", "internal/memory", "internal/openfile", "internal/plural", "internal/proctable", "internal/spelling", "internal/spool", "internal/units", "keylog", "lanes", "lesson", "localca", "otlp", "policy", "protobuf", "recording", "redact", "render", "replay", "risk", "serve", "stats", "subject", "wire"},
}

// TestArrows keeps imports pointing one way.
func TestArrows(t *testing.T) {
	const module = "github.com/socktrace/socktrace/"
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, module+"...").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	for line := range strings.SplitSeq(strings.TrimSpace(string(out)), "\n") {
		words := strings.Fields(line)
		pkg := strings.TrimPrefix(words[0], module)
		allowed, known := arrows[pkg]
		if !known {
			t.Errorf("%s is not in the table: say what it may import", pkg)
		}
		for _, imp := range words[1:] {
			if ours, ok := strings.CutPrefix(imp, module); ok && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s", pkg, ours)
			}
		}
	}
}

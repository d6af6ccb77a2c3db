package diff

import (
	"encoding/json"
	"strings"
	"testing"
)

// FuzzSessions compares what two HAR texts tell, whatever they are: nothing panics, what is the
// same is the same, and every report is one.
func FuzzSessions(f *testing.F) {
	all, again := entries(f, recorded(f, "docker-28.har"))
	for _, e := range all {
		text := string(again([]object{e}))
		f.Add(text, text)
		f.Add(text, strings.Replace(text, "web", "db", 3))
	}
	f.Add(string(again(all[:4])), string(again(all[2:6])))
	f.Add(`{"log":{"entries":[{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"POST","url":"http://h/x","postData":{"mimeType":"application/json","text":"{\"a\":07"}},"response":{"status":200}}]}}`, `{}`)
	f.Fuzz(func(t *testing.T, one, two string) {
		a, _ := read("a", []byte(one))
		b, _ := read("b", []byte(two))
		if r := Compare(a, a, Options{}); r.Differs() {
			t.Errorf("it differs from itself:\n%s", listing(r))
		}
		there, back := Compare(a, b, Options{}), Compare(b, a, Options{})
		if there.Differs() != back.Differs() {
			t.Errorf("one way\n%s\nthe other way\n%s", listing(there), listing(back))
		}
		if !json.Valid(JSON(there)) {
			t.Errorf("no JSON: %s", JSON(there))
		}
		_, _ = Markdown(there), HTML(there)
	})
}

//go:build unix

package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// event is a line of the jsonl output, as far as the tests look at it.
type event struct {
	Event     string          `json:"event"`
	Conn      int             `json:"conn"`
	Exchange  int             `json:"exchange"`
	Dir       string          `json:"dir"`
	Kind      string          `json:"kind"`
	Type      string          `json:"type"`
	Text      string          `json:"text"`
	Base64    []byte          `json:"base64"`
	JSON      json.RawMessage `json:"json"`
	Method    string          `json:"method"`
	Target    string          `json:"target"`
	Status    int             `json:"status"`
	Operation string          `json:"operation"`
	State     string          `json:"state"`
	Upgrade   string          `json:"upgrade"`
	Code      string          `json:"code"`
	Error     string          `json:"error"`
	Events    int64           `json:"events"`
	Bytes     int64           `json:"bytes"`
	ToServer  int64           `json:"bytes_to_server"`
	ToClient  int64           `json:"bytes_to_client"`
	Request   body            `json:"request"`
	Response  body            `json:"response"`
	Anomalies []event         `json:"anomalies"`
	Client    struct{ Name string }
	Server    struct{ Addr string }
	Streams   map[string]struct {
		Frames int64 `json:"frames"`
		Bytes  int64 `json:"bytes"`
	} `json:"streams"`
}

// body is a message of an exchange.
type body struct {
	WireBytes  int64  `json:"wire_bytes"`
	BodyBytes  int64  `json:"body_bytes"`
	Body       string `json:"body"`
	BodyBase64 string `json:"body_base64"`
	Truncated  bool   `json:"truncated"`
	Incomplete bool   `json:"incomplete"`
}

// data returns the body as it was.
func (b body) data() []byte {
	if b.BodyBase64 != "" {
		raw, _ := base64.StdEncoding.DecodeString(b.BodyBase64)
		return raw
	}
	return []byte(b.Body)
}

// events is a trace.
type events []event

// parseEvents reads the whole lines of a trace.
func parseEvents(t testing.TB, text string) events {
	t.Helper()
	var all events
	for line := range strings.Lines(text) {
		if !strings.HasSuffix(line, "\n") {
			break // still being written
		}
		var ev event
		if err := json.Unmarshal([]byte(line), &ev); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		all = append(all, ev)
	}
	return all
}

// eventsIn reads the trace in a file; it may not be there yet.
func eventsIn(t testing.TB, file string) events {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return parseEvents(t, string(b))
}

// of returns the events of one name.
func (all events) of(name string) events {
	return slices.DeleteFunc(slices.Clone(all), func(ev event) bool { return ev.Event != name })
}

// exchanges returns what was asked and answered, each as "POST ContainerStart
// 204 done", sorted, since connections interleave.
func (all events) exchanges() []string {
	var list []string
	for _, ev := range all.of("exchange") {
		list = append(list, fmt.Sprintf("%s %s %d %s", ev.Method, ev.Operation, ev.Status, ev.State))
	}
	slices.Sort(list)
	return list
}

// operation returns the first exchange of an operation.
func (all events) operation(t testing.TB, name string) event {
	t.Helper()
	for _, ev := range all.of("exchange") {
		if ev.Operation == name {
			return ev
		}
	}
	t.Errorf("no exchange with operation %s among %q", name, all.exchanges())
	return event{}
}

// text returns the text of all messages of a kind, in the order of the trace.
func (all events) text(kind string) string {
	var b strings.Builder
	for _, ev := range all.of("message") {
		if ev.Kind == kind {
			b.WriteString(ev.Text)
			b.Write(ev.Base64)
		}
	}
	return b.String()
}

// anomalies returns the codes of all anomalies.
func (all events) anomalies() []string {
	var codes []string
	for _, ev := range all.of("anomaly") {
		codes = append(codes, ev.Code)
	}
	return codes
}

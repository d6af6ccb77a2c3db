package diff

import (
	"bytes"
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// madeUp returns a session of requests, each a method and a target, one after the other.
func madeUp(name string, requests ...string) *Session {
	s := &Session{Name: name}
	conn := &wire.Conn{ID: 1}
	for i, r := range requests {
		method, target, _ := strings.Cut(r, " ")
		at := time.Unix(int64(1700000000+2*i), 0)
		call, _ := dockerapi.Match(method, target)
		x := &wire.Exchange{
			Meta: wire.Meta{Conn: conn, Exchange: i + 1, Start: at, End: at.Add(time.Second)}, State: wire.StateDone,
			Request:  &wire.Request{Method: method, Target: target, Version: "HTTP/1.1", Call: call.Told()},
			Response: &wire.Response{Status: 200, Version: "HTTP/1.1"},
		}
		s.Exchanges = append(s.Exchanges, &Exchange{Exchange: x, Number: i + 1})
	}
	return s
}

// aLongID returns an id.
func aLongID(r *rand.Rand) string {
	return fmt.Sprintf("a1%015x%015x%016x%016x", r.Int63(), r.Int63(), r.Uint64(), r.Uint64())[:64]
}

// TestManyExchanges compares long sessions that differ in much.
func TestManyExchanges(t *testing.T) {
	const n = 8000
	r := rand.New(rand.NewSource(1))
	var a, b []string
	for i := range n / 4 {
		id, other := aLongID(r), aLongID(r)
		a = append(a, "GET /_ping", "GET /v1.41/containers/"+id+"/json", fmt.Sprintf("GET /v1.41/containers/a%d/json", i), fmt.Sprintf("GET /v1.41/images/both%d/json", i))
		b = append(b, "HEAD /_ping", "GET /v1.41/containers/"+other+"/json", fmt.Sprintf("GET /v1.41/images/both%d/json", (i+3)%(n/4)), fmt.Sprintf("DELETE /v1.41/containers/b%d", i))
	}
	result := Compare(madeUp("a", a...), madeUp("b", b...), Options{})
	if missing, extra := result.Count(Missing), result.Count(Extra); missing != n/4 || extra != n/4 {
		t.Errorf("%d are missing, %d are extra, of %d", missing, extra, n/4)
	}
	if moved := result.Count(Moved); moved > 10 {
		t.Errorf("%d have moved", moved)
	}
	r.Shuffle(len(b), func(i, j int) { b[i], b[j] = b[j], b[i] })
	if result = Compare(madeUp("a", a...), madeUp("b", b...), Options{}); !result.Differs() {
		t.Error("no difference to what is shuffled")
	}
}

// TestLongStreams compares long texts of which a few lines differ.
func TestLongStreams(t *testing.T) {
	const n = 20000 // of more it takes as many times longer
	r := rand.New(rand.NewSource(1))
	lines := func(change bool) []byte {
		var text bytes.Buffer
		for i := range n {
			switch {
			case change && i%4000 == 7:
				fmt.Fprintf(&text, "mutated %d\n", i)
			case change && i%4000 == 11:
			case i%3 == 0:
				text.WriteString("the same again\n")
			case i%3 == 1:
				fmt.Fprintf(&text, "%s step %d took %dms\n", time.Unix(int64(r.Intn(1e9)), 0).UTC().Format(time.RFC3339), i, r.Intn(100))
			default:
				fmt.Fprintf(&text, "line %d of container 0123456789abcdef\n", i)
			}
		}
		return text.Bytes()
	}
	a, b := madeUp("a", "GET /v1.41/containers/web/logs?stdout=1"), madeUp("b", "GET /v1.41/containers/web/logs?stdout=1")
	a.Exchanges[0].Texts[wire.ToClient][wire.KindStdout], b.Exchanges[0].Texts[wire.ToClient][wire.KindStdout] = lines(false), lines(true)
	result := Compare(a, b, Options{})
	if len(result.Items) != 1 || len(result.Items[0].Changes) != 1 {
		t.Fatalf("told is\n%s", listing(result))
	}
	minus, plus := 0, 0
	for _, l := range result.Items[0].Changes[0].Lines {
		switch l.Sign {
		case '-':
			minus++
		case '+':
			plus++
		}
	}
	if minus != 10 || plus != 5 {
		t.Errorf("%d lines are told to be in a alone, %d in b; there are 10 and 5", minus, plus)
	}
}

// TestManyDocuments compares streams of documents of which each has to be compared with all others.
func TestManyDocuments(t *testing.T) {
	const n = 150
	build := func(word string) *Session {
		s := madeUp("s", "GET /v1.41/events")
		for i := range n {
			doc := fmt.Sprintf(`{"%s":["%[1]s 1"],"list":[%s"%s %d"]}`, word, strings.Repeat(`"one of many",`, 20), word, i)
			s.Exchanges[0].Documents[wire.ToClient] = append(s.Exchanges[0].Documents[wire.ToClient], []byte(doc))
		}
		return s
	}
	r := Compare(build("this"), build("that"), Options{})
	if len(r.Items) != 1 || len(r.Items[0].Changes) != 1 || r.Items[0].Changes[0].Place != "answer documents" {
		t.Errorf("told is\n%s", listing(r))
	}
}

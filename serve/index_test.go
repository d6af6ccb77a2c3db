package serve

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socktrace/socktrace/compare"
	"github.com/socktrace/socktrace/dockerapi"
)

// seen is a state that looks at all exchanges of an operation, one after the other: what an
// index may not change.
type seen struct{ *state }

// choose is as state.choose.
func (s seen) choose(l *live) *exchange {
	var all []*exchange
	for _, e := range s.script.exchanges {
		if keyOf(e.op, e.request.Method, e.request.Target) == l.key() {
			all = append(all, e)
		}
	}
	for _, e := range all {
		if s.isUsed(e) || !s.same(e, l) {
			continue
		}
		if last := s.lastUsed(all, l, e.number); last != nil && s.isAhead(last, e) {
			return last
		}
		return e
	}
	return s.lastUsed(all, l, len(s.script.exchanges)+1)
}

func (s seen) lastUsed(all []*exchange, l *live, before int) *exchange {
	if !s.mayRepeat(l) {
		return nil
	}
	for _, e := range slices.Backward(all) {
		if e.number < before && s.isUsed(e) && s.same(e, l) {
			return e
		}
	}
	return nil
}

func (s seen) isAhead(last, e *exchange) bool {
	for _, c := range s.script.exchanges[last.number : e.number-1] {
		if c.isCause() && c.concerns(e) && !s.isUsed(c) {
			return true
		}
	}
	return false
}

// What random sessions are about: ids of the daemon, of one of which the short form has digits only; ids
// of clients, and names.
var (
	daemonIDs = []string{idA, idB, "123456789012abcdef0123456789abcdef0123456789abcdef0123456789abcd", "0123456789abcdefghijklmno"}
	clientIDs = []string{"550e8400-e29b-41d4-a716-446655440000", "12345678-e29b-41d4-a716-446655440001", "aaaaaaaaaaaa1", "bbbbbbbbbbbb2"}
	someNames = []string{"web", "job-1", "job-2", "job-3", "web_0123456789abcdef", "a1b2c3d4e5f6", "f6e5d4c3b2a1", "job-5s", "happy_bohr", "sad_curie", "containers", "json"}
	someTexts = []string{"a", "b", "job-1", "job-2", "1", "true", "docker.io/library/busybox", "busybox:latest", "on", "2024-01-01T00:00:00Z"}
)

// randomAsked returns a request as asRequest takes it.
func randomAsked(r *rand.Rand) string {
	pick := func(lists ...[]string) string {
		all := slices.Concat(lists...)
		return all[r.IntN(len(all))]
	}
	any, text := pick(daemonIDs, daemonIDs, clientIDs, someNames), pick(someTexts)
	if r.IntN(4) == 0 {
		any = any[:min(12, len(any))]
	}
	version := pick([]string{"", "/v1.41", "/v1.24"})
	switch r.IntN(18) {
	case 0:
		return "POST " + version + "/containers/create?name=" + pick(someNames, clientIDs) + ` {"Image":"busybox","Cmd":["` + text + `"]}`
	case 1:
		return "POST " + version + `/containers/create {"Image":"` + text + `","Cmd":["` + pick(someTexts, clientIDs) + `"],"Tty":false}`
	case 2:
		return "POST " + version + `/containers/create {"cmd":["` + pick(someTexts) + `","` + pick(daemonIDs) + `"]}`
	case 3:
		return "POST " + version + "/containers/" + any + "/start"
	case 4:
		return "GET " + version + "/containers/" + any + "/logs?stdout=" + pick([]string{"1", "true", "0"}) + "&tail=" + text
	case 5:
		return "DELETE " + version + "/containers/" + any
	case 6:
		return "GET " + version + "/images/" + text + "/json"
	case 7:
		return "POST " + version + `/volumes/create {"Name":"` + pick(clientIDs, someNames) + `"}`
	case 8:
		return "DELETE " + version + "/volumes/" + pick(clientIDs, someNames)
	case 9:
		return "GET " + version + "/containers/json?all=" + pick([]string{"1", "true", "0"})
	case 10:
		return "GET /_ping"
	case 11:
		return "GET /unknown/" + any + "?token=" + text
	case 12:
		return "GET /unknown/" + text + "/" + any
	case 13:
		return "POST /containers/" + any + "/resize?h=1&w=2"
	case 14:
		return "POST /containers/prune"
	case 15:
		return "POST /unknown"
	}
	return "GET " + version + "/containers/" + any + "/json"
}

// randomAnswered returns an answer to a request, as asAnswer takes it.
func randomAnswered(r *rand.Rand, asked string) string {
	id := daemonIDs[r.IntN(len(daemonIDs))]
	switch {
	case strings.Contains(asked, "/create"):
		return `201 {"Id":"` + id + `"}`
	case strings.Contains(asked, "/json"):
		return `200 {"Id":"` + id + `","Name":"/` + someNames[r.IntN(len(someNames))] + `"}`
	}
	return "204"
}

// liveOf returns a request as a client sends it.
func liveOf(asked string) *live {
	parts := strings.SplitN(asked, " ", 3)
	l := &live{request: compare.Request{Method: parts[0], Target: parts[1]}, compared: true}
	if len(parts) > 2 {
		l.request.Body = []byte(parts[2])
	}
	call, _ := dockerapi.Match(parts[0], parts[1])
	l.op = call.Name()
	return l
}

// TestIndexed: whatever was recorded and is asked for, the answer is that of looking at all
// exchanges in their order, and so is what is learned by it.
func TestIndexed(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	ignored := [][]string{nil, nil, {"query name"}, {"query name", "Name", "Cmd"}, {"path"}, {"ContainerLogs:query tail"}}
	answered, missed := 0, 0
	for round := range 120 {
		var pairs []string
		for range 1 + r.IntN(60) {
			asked := randomAsked(r)
			pairs = append(pairs, asked, randomAnswered(r, asked))
		}
		script := scripted(t, exchangeText(pairs...))
		ignore, strict := ignored[r.IntN(len(ignored))], r.IntN(4) == 0
		indexed, all := newState(script, strict, ignore, time.Now), seen{newState(script, strict, ignore, time.Now)}
		for range 150 {
			asked := randomAsked(r)
			if r.IntN(2) == 0 {
				asked = pairs[2*r.IntN(len(pairs)/2)]
			}
			got, want := indexed.choose(context.Background(), liveOf(asked)), all.choose(liveOf(asked))
			if got != want {
				t.Fatalf("round %d: %s, ignoring %q:\ngot  %+v\nwant %+v\nof %s", round, asked, ignore, got, want, strings.Join(pairs, "\n"))
			}
			if got == nil {
				missed++
				continue
			}
			answered++
			indexed.use(got)
			all.use(want)
			for _, id := range slices.Concat(daemonIDs, clientIDs, someNames) {
				if a, b := indexed.asTold([]byte(id)), all.asTold([]byte(id)); string(a) != string(b) {
					t.Fatalf("round %d: %s stands for %s, want %s", round, id, a, b)
				}
			}
		}
	}
	if t.Logf("%d answered, %d missed", answered, missed); answered < 3000 || missed < 3000 {
		t.Error("the test is void")
	}
}

// manyInspects returns the transcript of n containers that are looked at.
func manyInspects(n int) (text string, asked []string) {
	var pairs []string
	for i := range n {
		id := manyID(i)
		asked = append(asked, "GET /v1.41/containers/"+id+"/json")
		pairs = append(pairs, asked[i], `200 {"Id":"`+id+`"}`)
	}
	return exchangeText(pairs...), asked
}

// manyID returns the id of container i of many.
func manyID(i int) string {
	sum := sha256.Sum256([]byte{byte(i), byte(i >> 8), byte(i >> 16)})
	return hex.EncodeToString(sum[:])
}

// BenchmarkFind finds the answers of requests among 50,000 that were recorded: 10 µs each, where a comparison
// with one after the other took 400 ms.
func BenchmarkFind(b *testing.B) {
	text, asked := manyInspects(50_000)
	s := newState(scripted(b, text), false, nil, time.Now)
	lives := make([]*live, len(asked))
	for i, a := range asked {
		lives[i] = liveOf(a)
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(lives), func(i, j int) { lives[i], lives[j] = lives[j], lives[i] })
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if e, _ := s.find(context.Background(), lives[i%len(lives)]); e == nil {
			b.Fatal("missed")
		}
	}
}

// BenchmarkServe has a thousand connections ask for what is among 50,000 exchanges, on a machine of two
// processors: 19,000 requests a second.
func BenchmarkServe(b *testing.B) {
	const conns = 1000
	text, asked := manyInspects(50_000)
	d := serving(b, scripted(b, text), Options{Speed: Max})
	clients := make(chan *asker, conns)
	for range conns {
		c, err := newAsker(d.socket)
		if err != nil {
			b.Fatal(err)
		}
		defer c.Close()
		clients <- c
	}
	var next atomic.Int64
	b.ResetTimer()
	b.SetParallelism(conns / runtime.GOMAXPROCS(0))
	b.RunParallel(func(pb *testing.PB) {
		c := <-clients
		defer func() { clients <- c }()
		for pb.Next() {
			i := int(next.Add(7919)) % len(asked) // in no order
			if got, err := c.ask(asked[i]); err != nil || !strings.Contains(got, manyID(i)) {
				b.Errorf("%s: %q, %v", asked[i], got, err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}

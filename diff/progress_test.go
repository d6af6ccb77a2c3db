package diff

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestSteps compares builds whose steps are told in other pieces.
func TestSteps(t *testing.T) {
	told := []string{
		`{"id":"moby.buildkit.trace","aux":"[masked 168 bytes #3dbc7926]"}`,
		`{"vertexes":[{"digest":"sha256:1","name":"[1/2] FROM busybox","completed":"2026-01-01T00:00:00Z","cached":true}]}`,
		`{"statuses":[{"ID":"transferring","vertex":"sha256:1","current":"29"}]}`,
		`{"vertexes":[{"digest":"sha256:2","name":"[2/2] RUN make","started":"2026-01-01T00:00:00Z"}]}`,
		`{"vertexes":[{"digest":"sha256:2","name":"[2/2] RUN make","completed":"2026-01-01T00:00:00Z"}]}`,
		`{"logs":[{"vertex":"sha256:2","stream":"1","msg":"all is\nwell\n"}]}`,
	}
	build := func(docs []string) *Session {
		s := madeUp("s", "POST /v1.41/build?version=2")
		for _, d := range docs {
			s.Exchanges[0].Documents[wire.ToClient] = append(s.Exchanges[0].Documents[wire.ToClient], []byte(d))
		}
		return s
	}
	again := append([]string{`{"statuses":[{"ID":"transferring","vertex":"sha256:1","current":"2"}]}`}, told...)
	rand.New(rand.NewSource(1)).Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
	if r := Compare(build(told), build(again), Options{}); r.Differs() {
		t.Errorf("told in another order:\n%s", listing(r))
	}
	other := strings.NewReplacer(`,"cached":true`, "", "well", "lost").Replace(strings.Join(told, "\n"))
	const want = "changed ImageBuild #1 ↔ #1\n  answer steps -[1/2] FROM busybox: cached +[1/2] FROM busybox -  well +  lost\n"
	if got := listing(Compare(build(told), build(strings.Split(other, "\n")), Options{})); got != want {
		t.Errorf("%s, want\n%s", got, want)
	}
}

package diff

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/markup/markuptest"
)

// hostile returns a result whose every text wants to be more than that.
func hostile(t *testing.T) *Result {
	t.Helper()
	text := string(recorded(t, "docker-28.har"))
	bad, err := json.Marshal(markuptest.Bad)
	if err != nil {
		t.Fatal(err)
	}
	quoted := string(bad[1 : len(bad)-1])
	twice, _ := json.Marshal(quoted) // within a document in a string
	changed := strings.NewReplacer(`GREETING=hello`, `GREETING=`+string(twice[1:len(twice)-1]), `"Docker-Client/28.2.2 (linux)"`, `"`+quoted+`"`, `"data":"two\n"`, `"data":"`+quoted+`\n"`,
		`/containers/db/json`, `/containers/`+quoted+`/json`).Replace(text)
	if !json.Valid([]byte(changed)) {
		t.Fatal("the recording is broken")
	}
	return Compare(session(t, "a"+markuptest.Bad, []byte(text)), session(t, "b"+markuptest.Bad, []byte(changed)), Options{})
}

// TestPages checks that what recordings say is text in pages, and in JSON.
func TestPages(t *testing.T) {
	r := hostile(t)
	if len(r.Items) < 3 || len(r.Common) == 0 || !strings.Contains(listing(r), "alert(1)") {
		t.Fatalf("too little differs:\n%s", listing(r))
	}
	page := string(HTML(r))
	markuptest.HTML(t, page, nil)
	markuptest.Shown(t, page)
	text := string(Markdown(r))
	markuptest.Shown(t, text)
	// Tables and headings are ours, as is the comment that says who wrote it.
	text = strings.TrimPrefix(text, Mark)
	outside := strings.NewReplacer("|", "", "\n#", "\n", "\n-", "\n", "**", "", "<del>", "", "</del>", "", "<ins>", "", "</ins>", "").Replace(markuptest.Outside(t, text))
	markuptest.Plain(t, strings.ReplaceAll(outside, markuptest.Span, ""))
}

// TestJSON checks that what is told in JSON is what was found.
func TestJSON(t *testing.T) {
	r := hostile(t)
	var told struct {
		Differs   bool
		Same      int
		Changed   int
		Exchanges []struct {
			Kind    string
			A, B    int
			Also    []struct{ A, B int }
			Changes []struct {
				Place string
				A, B  any
				Lines []string
			}
		}
	}
	if err := json.Unmarshal(JSON(r), &told); err != nil {
		t.Fatalf("%v: %s", err, JSON(r))
	}
	if !told.Differs || told.Same != r.Same || told.Changed != r.Count(Changed) || len(told.Exchanges) != len(r.Items) {
		t.Errorf("%+v", told)
	}
	n := 0
	for _, e := range told.Exchanges {
		n += 1 + len(e.Also)
		if len(e.Changes) == 0 || e.A == 0 || e.B == 0 {
			t.Errorf("nothing is told of %+v", e)
		}
	}
	if n != told.Changed {
		t.Errorf("%d exchanges are told of %d", n, told.Changed)
	}
}

// TestReleaseNote reads what docker 28 does differently from docker 20.10 with the same daemon.
func TestReleaseNote(t *testing.T) {
	a, b := session(t, "20.10", recorded(t, "docker-20.10.har")), session(t, "28", recorded(t, "docker-28.har"))
	const want = `in all
  request header User-Agent: Docker-Client/20.10.24+dfsg1 (linux) → Docker-Client/28.2.2 (linux)
changed ContainerWait #4 ↔ #4, #8 ↔ #8
  request header Content-Type: text/plain → (none)
changed ContainerStart #5 ↔ #5, #9 ↔ #9
  request header Content-Type: text/plain → (none)
`
	if got := listing(Compare(a, b, Options{})); got != want {
		t.Errorf("%s, want\n%s", got, want)
	}
	r := Compare(a, b, Options{Ignore: []string{"User-Agent", "Content-Type", "Nothing"}})
	if r.Differs() || fmt.Sprint(r.Unused) != "[Nothing]" {
		t.Errorf("what is ignored is told: %v\n%s", r.Unused, listing(r))
	}
}

package serve

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
)

const (
	idA = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	idB = "fedcba98765432100123456789abcdef0123456789abcdef0123456789abcdef"
)

// TestOrder: of the exchanges that match, each answers as often as it was recorded, in the
// order of the recording; then the last again, if it only reads.
func TestOrder(t *testing.T) {
	text := exchangeText(
		"GET /v1.41/containers/web/json", `200 {"n":1}`,
		"GET /v1.41/containers/other/json", `200 {"n":2}`,
		"GET /v1.41/containers/web/json", `200 {"n":3}`,
		"POST /v1.41/containers/web/stop", "204",
	)
	d := serving(t, scripted(t, text), Options{Speed: Max})
	d.check("GET /v1.41/containers/web/json", `200 {"n":1}`)
	d.check("GET /v1.24/containers/web/json", `200 {"n":3}`) // another version
	d.check("GET /containers/web/json", `200 {"n":3}`)       // again
	d.check("GET /containers/other/json", `200 {"n":2}`)
	d.check("POST /containers/web/stop", "204")
	d.checkMissed("POST /containers/web/stop", "recorded once, and asked for more often")
	if r := d.Report(); r.Answered != 5 || r.Missed != 1 || len(r.Misses) != 1 {
		t.Errorf("report: %+v", r)
	}
}

// TestStrict: nothing answers twice, but pings.
func TestStrict(t *testing.T) {
	d := serving(t, scripted(t, exchangeText("HEAD /_ping", "204", "GET /info", `200 {"n":1}`)), Options{Speed: Max, Strict: true})
	d.check("GET /info", `200 {"n":1}`)
	d.checkMissed("GET /info", "recorded once")
	for range 3 {
		d.check("HEAD /_ping", "204")
	}
}

// TestNotAhead: a read that was recorded again behind a change is answered as before until
// somebody asks for the change.
func TestNotAhead(t *testing.T) {
	text := exchangeText(
		"GET /containers/web/json", `200 {"running":false}`,
		"POST /containers/web/start", "204",
		"GET /containers/web/json", `200 {"running":true}`,
	)
	d := serving(t, scripted(t, text), Options{Speed: Max})
	for range 3 {
		d.check("GET /containers/web/json", `200 {"running":false}`)
	}
	d.check("POST /containers/web/start", "204")
	for range 2 {
		d.check("GET /containers/web/json", `200 {"running":true}`)
	}
}

// TestMeaning: how a document is written makes no difference; what it says does, and is named.
func TestMeaning(t *testing.T) {
	text := exchangeText(
		`POST /v1.41/containers/create?name=web {"Image":"busybox","HostConfig":{"Memory":1,"Init":null},"Cmd":["a"]}`, `201 {"Id":"`+idA+`"}`,
	)
	s := scripted(t, text)
	serving(t, s, Options{Speed: Max}).check(`POST /v1.40/containers/create?name=web { "Cmd": ["a"], "HostConfig": {"Memory": 1}, "Image": "docker.io/library/busybox:latest" }`, `201 {"Id":"`+idA+`"}`)
	d := serving(t, s, Options{Speed: Max})
	d.checkMissed(`POST /containers/create?name=web {"Image":"busybox","HostConfig":{"Memory":2},"Cmd":["a"]}`,
		`POST /containers/create?name=web: not recorded: nearest is exchange 1: body HostConfig.Memory is \"2\", in the recording \"1\"`)
	d.checkMissed("GET /images/json", "GET /images/json: not recorded: there is no ImageList")
	d.checkMissed("POST /session", "there is no Session, by which docker builds with BuildKit")
	d.checkMissed("GET /no/such?a=b", "not recorded: there is no GET /no/such")
}

// TestIDsAreTheRecordings: ids that the daemon has chosen are what they are; those that
// clients make up are not, and the answer has the client's.
func TestIDsAreTheRecordings(t *testing.T) {
	const u, v = "550e8400-e29b-41d4-a716-446655440000", "12345678-e29b-41d4-a716-446655440001"
	s := scripted(t, exchangeText(
		"GET /containers/"+idA+"/json", `200 {"Id":"`+idA+`"}`,
		"POST /volumes/create {\"Name\":\""+u+"\"}", `201 {"Name":"`+u+`","Id":"`+idA+`"}`,
	))
	d := serving(t, s, Options{Speed: Max})
	d.checkMissed("GET /containers/"+idB+"/json", "nearest is exchange 1")
	d.check("GET /containers/"+idA+"/json", `200 {"Id":"`+idA+`"}`)
	d.check("POST /volumes/create {\"Name\":\""+v+"\"}", `201 {"Name":"`+v+`","Id":"`+idA+`"}`)
}

// TestMasked: what is masked in the recording matches anything, and what is secret of the
// client is nowhere in what is said of a miss.
func TestMasked(t *testing.T) {
	const secret, other = "hunter2-very-secret", "correct-horse-battery"
	text := exchangeText(
		`POST /containers/create {"Image":"a","Env":["DB_PASSWORD=`+secret+`"]}`, `201 {"Id":"1"}`,
		`POST /containers/create {"Image":"b","Env":["DB_PASSWORD=`+secret+`"]}`, `201 {"Id":"2"}`,
		"GET /x?token="+secret, "200 {}",
	)
	s := scripted(t, text)
	if len(s.Masked()) == 0 {
		t.Fatal("nothing is masked: the test is void")
	}
	d := serving(t, s, Options{Speed: Max})
	d.check(`POST /containers/create {"Image":"b","Env":["DB_PASSWORD=`+other+`"]}`, `201 {"Id":"2"}`)
	d.check("GET /x?token="+other, "200 {}")
	d.checkMissed(`POST /containers/create {"Image":"c","Env":["DB_PASSWORD=`+other+`"]}`, "body Image")
	d.checkMissed("GET /y?token="+other+"&password="+other, "not recorded: there is no GET /y")
	for _, m := range d.Report().Misses {
		if strings.Contains(m.String(), secret) || strings.Contains(m.String(), other) {
			t.Errorf("a secret is told: %s", m)
		}
	}
	open, err := scriptOf(text, ReadOptions{ShowSecrets: true})
	if err != nil {
		t.Fatal(err)
	}
	d = serving(t, open, Options{Speed: Max})
	d.checkMissed(`POST /containers/create {"Image":"a","Env":["DB_PASSWORD=`+other+`"]}`, "1 difference in what is secret")
	if got := d.Report().Misses[0].String(); strings.Contains(got, secret) || strings.Contains(got, other) {
		t.Errorf("a secret is told: %s", got)
	}
}

// TestMaskedInClear: what is secret in a recording is told to nobody who asks for something else, also if
// answers are not masked.
func TestMaskedInClear(t *testing.T) {
	const secret = "hunter2-of-the-recording"
	text := exchangeText(
		`POST /containers/create {"Image":"a","Env":["DB_PASSWORD=`+secret+`"]}`, `201 {"Id":"1"}`,
		`POST /auth {"username":"u","password":"`+secret+`"}`, `200 {}`,
		`POST /build?buildargs=%7B%22PASSWORD%22%3A%22`+secret+`%22%7D`, `200 {}`,
	)
	s, err := scriptOf(text, ReadOptions{ShowSecrets: true})
	if err != nil {
		t.Fatal(err)
	}
	d := serving(t, s, Options{Speed: Max})
	d.checkMissed(`POST /containers/create {"Image":"a"}`, "body Env is not there")
	d.checkMissed(`POST /auth {"username":"u"}`, "body password is not there")
	d.checkMissed(`POST /build?x=1`, "query buildargs is not there")
	for _, m := range d.Report().Misses {
		if strings.Contains(m.String(), secret) {
			t.Error(m)
		}
	}
}

// TestMaskedTwice: requests with the same secret are the same, and those with another are not.
func TestMaskedTwice(t *testing.T) {
	d := serving(t, scripted(t, exchangeText("GET /info", "200 {}")), Options{Speed: Max})
	for _, secret := range []string{"hunter2-one", "hunter2-one", "hunter2-other"} {
		d.checkMissed("POST /build?buildargs=%7B%22PASSWORD%22%3A%22"+secret+"%22%7D", "there is no ImageBuild")
	}
	all := d.Report().Misses
	if len(all) != 2 || all[0].Times != 2 || all[1].Times != 1 {
		t.Errorf("%+v", all)
	}
}

// TestMaskedByName: what the user has named as secret is told of no client.
func TestMaskedByName(t *testing.T) {
	const secret = "bratwurst-77"
	s, err := scriptOf(exchangeText(`POST /containers/create {"Image":"a"}`, `201 {"Id":"1"}`, "GET /x?sausage=a", "200 {}"), ReadOptions{Mask: []string{"sausage"}})
	if err != nil {
		t.Fatal(err)
	}
	d := serving(t, s, Options{Speed: Max})
	for _, text := range []string{
		`POST /containers/create {"Image":"b","Env":["SAUSAGE=` + secret + `"],"Labels":{"sausage":"` + secret + `"}}`, "GET /y?sausage=" + secret,
	} {
		if got := d.ask(text); !strings.HasPrefix(got, "501 ") || strings.Contains(got, secret) {
			t.Errorf("%s: %s", text, got)
		}
	}
	for _, m := range d.Report().Misses {
		if strings.Contains(m.String(), secret) {
			t.Errorf("a secret is told: %s", m)
		}
	}
}

// TestResize: sizes of terminals are always taken.
func TestResize(t *testing.T) {
	d := serving(t, scripted(t, exchangeText("POST /containers/web/resize?h=24&w=80", "200 ", "GET /info", "200 {}")), Options{Speed: Max, Strict: true})
	for range 2 {
		d.check("POST /containers/web/resize?h=50&w=132", "200")
	}
	d.check("POST /exec/"+idA+"/resize?h=50&w=132", "200")
}

// TestPing: GET and HEAD are the same, and a recording without pings has one made up.
func TestPing(t *testing.T) {
	for _, recorded := range []string{"GET /_ping", "HEAD /_ping", "GET /v1.40/info"} {
		s := scripted(t, "conn\n> "+fmt.Sprintf("%q", asRequest(recorded))+"\n< +1ms \"HTTP/1.1 200 OK\\r\\nApi-Version: 1.41\\r\\nOstype: plan9\\r\\nContent-Length: 2\\r\\n\\r\\n\"\n"+map[bool]string{true: "< \"OK\"\n"}[!strings.HasPrefix(recorded, "HEAD")]+"close\n")
		d := serving(t, s, Options{Speed: Max, Strict: true})
		for _, method := range []string{"GET", "HEAD"} {
			status, fields, body := d.askFields(method + " /_ping")
			if want := map[string]string{"GET": "OK"}[method]; status != 200 || body != want || fields.Get("Api-Version") != "1.41" || fields.Get("Ostype") != "plan9" {
				t.Errorf("%s from %s: %d %q %v", method, recorded, status, body, fields)
			}
		}
	}
}

// TestBodiless: answers that have no body get none.
func TestBodiless(t *testing.T) {
	s := scripted(t, "conn\n> \"HEAD /containers/web/archive?path=/x HTTP/1.1\\r\\nHost: d\\r\\n\\r\\n\"\n< +1ms \"HTTP/1.1 200 OK\\r\\nContent-Length: 17\\r\\nX-Docker-Container-Path-Stat: abc\\r\\n\\r\\n\"\n"+
		"> +1ms \"POST /containers/web/start HTTP/1.1\\r\\nHost: d\\r\\n\\r\\n\"\n< +1ms \"HTTP/1.1 304 Not Modified\\r\\n\\r\\n\"\nclose\n")
	d := serving(t, s, Options{Speed: Max})
	status, fields, body := d.askFields("HEAD /containers/web/archive?path=/x")
	if status != 200 || body != "" || fields.Get("Content-Length") != "17" || fields.Get("X-Docker-Container-Path-Stat") != "abc" {
		t.Errorf("%d %q %v", status, body, fields)
	}
	d.check("POST /containers/web/start", "304")
}

// TestLongBody: what is too long to be compared is not taken for something shorter, but for what
// is as long.
func TestLongBody(t *testing.T) {
	long := `POST /containers/create {"Image":"` + strings.Repeat("b", 2*maxCompared) + `"}`
	short := []string{`POST /containers/create {"Image":"a"}`, `201 {"Id":"1"}`}
	d := serving(t, scripted(t, exchangeText(short...)), Options{Speed: Max})
	d.checkMissed(long, `nearest is exchange 1: length of the body is \"more than 1048576\", in the recording \"13\"`)
	d.check(short[0], short[1])
	d = serving(t, scripted(t, exchangeText(append(short, long, `201 {"Id":"2"}`)...)), Options{Speed: Max})
	d.check(long, `201 {"Id":"2"}`)
	d.checkMissed(long, "recorded once, and asked for more often")
}

// TestLongHead is refused: there may be many at once.
func TestLongHead(t *testing.T) {
	d := serving(t, scripted(t, exchangeText("GET /info", "200 {}")), Options{Speed: Max})
	for size, want := range map[int]string{maxHead / 2: "HTTP/1.1 200 ", 2 * maxHead: "HTTP/1.1 431 "} {
		c := d.dial("GET /info HTTP/1.1\r\nHost: d\r\nX-Registry-Config: ")
		_, _ = io.WriteString(c.Conn, strings.Repeat("a", size)+"\r\n\r\n") // of what is refused not all is read
		if line, err := c.r.ReadString('\n'); !strings.HasPrefix(line, want) {
			t.Errorf("%d bytes: %q, %v", size, line, err)
		}
	}
}

// TestNotServed: nothing, and what is not served, is said.
func TestNotServed(t *testing.T) {
	if _, err := scriptOf("conn\nclose\n", ReadOptions{}); !errors.Is(err, ErrEmpty) {
		t.Errorf("an empty recording: %v", err)
	}
	s := scripted(t, exchangeText("GET /a", "200 {}")+exchangeText("GET /b", "999 {}"))
	if s.Exchanges() != 1 || s.Skipped().Status != 1 {
		t.Errorf("%d exchanges, skipped %+v", s.Exchanges(), s.Skipped())
	}
}

// TestServedWhateverItIsCalled: the output of a container is played, whatever the protocol was called
// that it came by; a protocol that nobody knows is not.
func TestServedWhateverItIsCalled(t *testing.T) {
	for _, protocol := range []string{"tcp", "sock", "application/vnd.docker.multiplexed-stream"} {
		s := scripted(t, strings.Replace(runText, "Upgrade: tcp\\r\\n\\r\\n", "Upgrade: "+protocol+"\\r\\n\\r\\n", 2))
		if got := s.Skipped().Foreign; got != 0 {
			t.Errorf("%s: %d are not served", protocol, got)
		}
	}
	s := scripted(t, exchangeText("GET /a", "200 {}")+`conn +0s
> "GET /x HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n"
< +1ms "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n"
< +1ms "hello"
close
`)
	if got := s.Skipped().Foreign; got != 1 {
		t.Errorf("chat: %d are not served", got)
	}
}

// TestTogether: many clients that ask for the same at once get each answer once.
func TestTogether(t *testing.T) {
	const n = 50
	var pairs []string
	for i := range n {
		pairs = append(pairs, "POST /containers/create {\"Image\":\"a\"}", fmt.Sprintf(`201 {"Id":"%d"}`, i))
	}
	d := serving(t, scripted(t, exchangeText(pairs...)), Options{Speed: Max})
	var mu sync.Mutex
	seen := make(map[string]int)
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			got := d.ask("POST /containers/create {\"Image\":\"a\"}")
			mu.Lock()
			defer mu.Unlock()
			seen[got]++
		})
	}
	all.Wait()
	if len(seen) != n {
		t.Errorf("%d answers, want %d", len(seen), n)
	}
}

// TestIgnore: requests may differ in places that are to be ignored, and a name that differs there
// stands for the one of the recording, in requests and answers.
func TestIgnore(t *testing.T) {
	text := exchangeText(
		`POST /containers/create?name=job-1 {"Image":"a","Labels":{"at":"1"}}`, `201 {"Id":"`+idA+`"}`,
		"GET /containers/job-1/json", `200 {"Name":"/job-1","Id":"`+idA+`"}`,
		"DELETE /containers/job-1", "204",
	)
	s := scripted(t, text)
	create := `POST /containers/create?name=job-2 {"Image":"a","Labels":{"at":"2"}}`
	d := serving(t, s, Options{Speed: Max, Ignore: []string{"Labels.at"}})
	d.checkMissed(create, `query name is \"job-2\", in the recording \"job-1\"`)
	d = serving(t, s, Options{Speed: Max, Ignore: []string{"query name", "ContainerCreate:Labels"}})
	d.checkMissed(`POST /containers/create?name=job-2 {"Image":"b","Labels":{"at":"2"}}`, `body Image is \"b\", in the recording \"a\"`)
	d.check(create, `201 {"Id":"`+idA+`"}`)
	d.check("GET /containers/job-2/json", `200 {"Name":"/job-2","Id":"`+idA+`"}`)
	d.checkMissed("GET /containers/job-3/json", "")
	d.check("DELETE /containers/job-2", "204")
}

// TestCalledOtherwise: what was asked for by the name of a container is found by its id, and the other way
// around; a name that two had one after the other is that of the first until the second is made.
func TestCalledOtherwise(t *testing.T) {
	text := exchangeText(
		`POST /v1.41/containers/create?name=web {"Image":"a"}`, `201 {"Id":"`+idA+`"}`,
		"POST /v1.41/containers/web/start", "204",
		"GET /v1.41/containers/web/logs?stdout=1", `200 "of the first"`,
		"DELETE /v1.41/containers/"+idA, "204",
		`POST /v1.41/containers/create?name=web {"Image":"a"}`, `201 {"Id":"`+idB+`"}`,
		"GET /v1.41/containers/"+idB+"/logs?stdout=1", `200 "of the second"`,
		"DELETE /v1.41/containers/web", "204",
	)
	s := scripted(t, text)
	d := serving(t, s, Options{Speed: Max})
	d.check(`POST /containers/create?name=web {"Image":"a"}`, `201 {"Id":"`+idA+`"}`)
	d.check("POST /containers/"+idA+"/start", "204")
	d.checkMissed("POST /containers/"+idA+"/start", "recorded once, and asked for more often")
	for range 2 {
		d.check("GET /containers/"+idA[:12]+"/logs?stdout=1", `200 "of the first"`)
	}
	d.check("DELETE /containers/web", "204")
	d.check(`POST /containers/create?name=web {"Image":"a"}`, `201 {"Id":"`+idB+`"}`)
	d.check("GET /containers/"+idB+"/logs?stdout=1", `200 "of the second"`)
	d.check("DELETE /containers/"+idB, "204")

	d = serving(t, s, Options{Speed: Max, Ignore: []string{"query name"}})
	d.check(`POST /containers/create?name=other {"Image":"a"}`, `201 {"Id":"`+idA+`"}`)
	d.check("POST /containers/other/start", "204")
	d.check("DELETE /containers/other", "204") // by its id in the recording
}

// TestMissedOfMany: of many exchanges the nearest is found among those of the path, and those that ask for
// the same are counted up to a bound.
func TestMissedOfMany(t *testing.T) {
	var pairs []string
	for i := range maxNear + 2 {
		pairs = append(pairs, fmt.Sprintf("GET /containers/c%d/logs?stdout=1", i), "200 ")
	}
	for range maxCounted + 2 {
		pairs = append(pairs, "POST /containers/web/stop", "204")
	}
	pairs = append(pairs, "GET /containers/web/logs?stdout=1", "200 ")
	d := serving(t, scripted(t, exchangeText(pairs...)), Options{Speed: Max})
	d.checkMissed("GET /containers/web/logs?stdout=0", fmt.Sprintf("nearest is exchange %d: query stdout", len(pairs)/2))
	for range maxCounted + 2 {
		d.check("POST /containers/web/stop", "204")
	}
	d.checkMissed("POST /containers/web/stop", fmt.Sprintf("recorded %d times or more, and asked for more often", maxCounted))
}

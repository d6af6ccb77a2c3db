package serve

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// crowd is how many clients there are at once.
func crowd(t *testing.T) int {
	if testing.Short() {
		return 50
	}
	return 1000
}

// crowdRun is a run of docker: its container is number i of many, and says so. Of every second one the
// command is another; all others ask for the same.
type crowdRun int

func (i crowdRun) id() string { return manyID(int(i)) }

func (i crowdRun) created() string {
	if i%2 == 0 {
		return `{"Image":"busybox","Cmd":["echo","hi"]}`
	}
	return fmt.Sprintf(`{"Image":"busybox","Cmd":["echo","hi %d"]}`, i)
}

func (i crowdRun) said() string   { return frame(1, fmt.Sprintf("out of %d\n", i)) }
func (i crowdRun) logged() string { return frame(2, fmt.Sprintf("log of %d\n", i)) }
func (i crowdRun) exited() string { return fmt.Sprintf(`{"StatusCode":%d}`, i%200) }
func (i crowdRun) path(rest string) string {
	return "/v1.41/containers/" + i.id() + rest
}

// text returns the transcript of run i, which began some milliseconds behind the one before it and lasts
// while others do.
func (i crowdRun) text() string {
	at := time.Duration(i) * 3 * time.Millisecond
	var b strings.Builder
	say := func(form string, args ...any) { fmt.Fprintf(&b, form+"\n", args...) }
	say("conn +%v", at)
	say("> %q\n< +1ms %q", asRequest("GET /_ping"), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")
	say("> +1ms %q\n< +1ms %q", asRequest("POST /v1.41/containers/create "+i.created()), asAnswer(`201 {"Id":"`+i.id()+`"}`))
	say("> +10ms %q\n< +2ms %q", asRequest("POST "+i.path("/start")), asAnswer("204"))
	say("> +100ms %q", asRequest("GET "+i.path("/logs?stdout=1")))
	say("< +1ms \"HTTP/1.1 200 OK\\r\\nContent-Type: application/vnd.docker.multiplexed-stream\\r\\nContent-Length: %d\\r\\n\\r\\n\"\n< %q", len(i.logged()), i.logged())
	say("> +2ms %q\n< +2ms %q\nclose", asRequest("DELETE "+i.path("")), asAnswer("204"))
	say("conn +%v", at+5*time.Millisecond)
	say("> %q\n< +1ms %q", attachTo(i.id(), true), upgraded)
	say("< +40ms %q\n< +5ms eof\n> eof\nclose", i.said())
	say("conn +%v", at+7*time.Millisecond)
	say("> %q\n< +80ms %q\nclose", asRequest("POST "+i.path("/wait?condition=next-exit")), asAnswer("200 "+i.exited()))
	return b.String()
}

// crowdText returns the transcript of n runs.
func crowdText(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(crowdRun(i).text())
	}
	return b.String()
}

// asker asks for one thing after the other on a connection of its own.
type asker struct {
	net.Conn
	r *bufio.Reader
}

func newAsker(socket string) (*asker, error) {
	c, err := net.Dial("unix", socket)
	if err != nil {
		return nil, err
	}
	return &asker{c, bufio.NewReader(c)}, c.SetDeadline(time.Now().Add(4 * patience))
}

// ask returns the body of an answer.
func (a *asker) ask(text string) (string, error) {
	if _, err := io.WriteString(a.Conn, asRequest(text)); err != nil {
		return "", err
	}
	return a.hear(text)
}

// hear returns the body of the answer to a request that was sent.
func (a *asker) hear(text string) (string, error) {
	got, err := http.ReadResponse(a.r, nil)
	if err != nil {
		return "", fmt.Errorf("%s: %w", text, err)
	}
	body, err := io.ReadAll(got.Body)
	if err == nil && got.StatusCode >= 300 {
		err = fmt.Errorf("%s: %s %s", text, got.Status, body)
	}
	return string(body), err
}

// runAs runs what run i did, and tells ready when its container could be started; it goes on when the others are
// as far. It returns the number of the container that it was given.
func runAs(socket string, i crowdRun, ready *sync.WaitGroup) (got crowdRun, err error) {
	waiting := sync.OnceFunc(func() { ready.Done(); ready.Wait() })
	defer waiting()
	a, err1 := newAsker(socket)
	out, err2 := newAsker(socket)
	exit, err3 := newAsker(socket)
	if err := errors.Join(err1, err2, err3); err != nil {
		return 0, err
	}
	defer a.Close()
	defer out.Close()
	defer exit.Close()

	if _, err := a.ask("GET /_ping"); err != nil {
		return 0, err
	}
	text, err := a.ask("POST /v1.40/containers/create " + i.created())
	if err != nil {
		return 0, err
	}
	var created struct{ ID string }
	if err := json.Unmarshal([]byte(text), &created); err != nil {
		return 0, err
	}
	if got, err = runOf(created.ID); err != nil {
		return 0, err
	}
	if _, err := io.WriteString(out.Conn, attachTo(created.ID, true)); err != nil {
		return 0, err
	}
	if head, err := http.ReadResponse(out.r, nil); err != nil || head.StatusCode != http.StatusSwitchingProtocols {
		return 0, fmt.Errorf("attach: %v, %v", head, err)
	}
	if _, err := io.WriteString(exit.Conn, asRequest("POST "+got.path("/wait?condition=next-exit"))); err != nil {
		return 0, err
	}
	waiting()
	if _, err := a.ask("POST " + got.path("/start")); err != nil {
		return 0, err
	}
	said, err := io.ReadAll(out.r)
	if err != nil || string(said) != got.said() {
		return 0, fmt.Errorf("container %d says %q, %v", got, said, err)
	}
	if code, err := exit.hear("wait"); err != nil || code != got.exited() {
		return 0, fmt.Errorf("container %d ends with %q, %v", got, code, err)
	}
	if log, err := a.ask("GET " + got.path("/logs?stdout=true")); err != nil || log != got.logged() {
		return 0, fmt.Errorf("container %d has logged %q, %v", got, log, err)
	}
	_, err = a.ask("DELETE " + got.path(""))
	return got, err
}

// runOf returns which run a container is of.
func runOf(id string) (crowdRun, error) {
	for i := range 1000 {
		if manyID(i) == id {
			return crowdRun(i), nil
		}
	}
	return 0, fmt.Errorf("no container %q", id)
}

// TestCrowd: of many clients at once, which ask for the same or for something else, each gets a container
// of its own that was created as it has asked for, and what that one has said.
func TestCrowd(t *testing.T) {
	n := crowd(t)
	d := serving(t, scripted(t, crowdText(n)), Options{Speed: Max})
	var all, ready sync.WaitGroup
	ready.Add(n)
	var mu sync.Mutex
	given := make(map[crowdRun]crowdRun)
	for i := range crowdRun(n) {
		all.Go(func() {
			got, err := runAs(d.socket, i, &ready)
			mu.Lock()
			defer mu.Unlock()
			before, twice := given[got]
			switch {
			case err != nil:
				t.Errorf("client %d: %v", i, err)
			case twice:
				t.Errorf("clients %d and %d have the same container", before, i)
			case got.created() != i.created():
				t.Errorf("client %d asked for %s and got %s", i, i.created(), got.created())
			}
			given[got] = i
		})
	}
	all.Wait()
	if r := d.Report(); r.Missed > 0 || r.Answered != 7*int64(n) {
		t.Errorf("%d answered, missed %v", r.Answered, r.Misses)
	}
}

// TestCrowdNamed: names that many clients at once have made up bind their requests as ids do.
func TestCrowdNamed(t *testing.T) {
	n := crowd(t)
	var pairs []string
	for i := range crowdRun(n) {
		name := fmt.Sprintf("job-%d", i)
		pairs = append(pairs,
			"POST /containers/create?name="+name+` {"Image":"a"}`, `201 {"Id":"`+i.id()+`"}`,
			"POST /containers/"+name+"/start", "204",
			"GET /containers/"+name+"/json", `200 {"Id":"`+i.id()+`","Name":"/`+name+`"}`,
			"DELETE /containers/"+name, "204")
	}
	d := serving(t, scripted(t, exchangeText(pairs...)), Options{Speed: Max, Ignore: []string{"query name"}})
	run := func(name string) error {
		c, err := newAsker(d.socket)
		if err != nil {
			return err
		}
		defer c.Close()
		created, err1 := c.ask("POST /containers/create?name=" + name + ` {"Image":"a"}`)
		_, err2 := c.ask("POST /containers/" + name + "/start")
		seen, err3 := c.ask("GET /containers/" + name + "/json")
		_, err4 := c.ask("DELETE /containers/" + name)
		if want := strings.TrimSuffix(created, "}") + `,"Name":"/` + name + `"}`; seen != want {
			t.Errorf("got %s, want %s", seen, want)
		}
		return errors.Join(err1, err2, err3, err4)
	}
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			if err := run(fmt.Sprintf("mine-%d", i)); err != nil {
				t.Errorf("client %d: %v", i, err)
			}
		})
	}
	all.Wait()
}

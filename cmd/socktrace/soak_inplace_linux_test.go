package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// soakPlace is programs one after the other in the place of a daemon's socket.
type soakPlace struct {
	t       *testing.T
	clients *soakClients
	watch   *soakWatch
	lives   int            // programs so far
	kills   int            // of those that were killed
	seen    map[string]int // how often which exchange was recorded, up to its end
	file    string         // recording of the program that runs
}

// soakInPlace takes the place of a daemon's socket again and again: when the one before
// has given it back, when it was killed, when it was restored, and when the daemon was made
// anew meanwhile. Clients fail only where there was nobody.
func soakInPlace(ctx context.Context, t *testing.T) {
	daemon := newSoakDaemon(t, nil)
	p := &soakPlace{t: t, clients: newSoakClients(t, daemon, daemon.address, nil), seen: map[string]int{}}
	p.begin()
	p.clients.start(ctx)
	p.clients.all.Go(func() { p.watch.watch(ctx) })
	events := []struct {
		name string
		do   func()
	}{
		{"the daemon is made anew", func() { p.must(daemon.restart()) }},
		{"given back", func() { p.end(); p.begin() }},
		{"killed", p.away(func() { p.kill(); p.begin() })},
		{"restored", p.away(func() { p.kill(); p.restore(); p.begin() })},
		{"suspended", func() { p.watch.suspendOnce() }},
		{"killed, and the daemon is made anew", func() {
			p.away(func() { p.kill(); p.must(daemon.renew()) })()
			p.begin()
		}},
	}
	for n := 0; ctx.Err() == nil && !t.Failed(); n++ {
		if pause(ctx, 2*time.Second); ctx.Err() == nil {
			events[n%len(events)].do()
			if t.Failed() {
				t.Log(events[n%len(events)].name)
			}
		}
	}
	p.clients.all.Wait()
	p.watch.check()
	p.end()
	left(t, filepath.Dir(daemon.address), filepath.Base(daemon.address))
	check(t, "whose socket it is", peerProcess(dialUnix(t, daemon.address)), os.Getpid())
	p.checkSeen()
}

func (p *soakPlace) must(err error) {
	if err != nil {
		p.t.Error(err)
	}
}

// begin starts a program. Its recording is one of its own.
func (p *soakPlace) begin() {
	p.lives++
	p.file = filepath.Join(p.t.TempDir(), fmt.Sprintf("%d.har", p.lives))
	l := inPlace(p.t, nil, p.clients.address, "-q", "--max-body", "4k", "--har", p.file)
	if p.watch == nil {
		p.watch = newSoakWatch(p.t, l)
	}
	p.watch.p.Store(l)
}

// end has it give the place back.
func (p *soakPlace) end() {
	l := p.watch.p.Swap(nil)
	got := l.stop(syscall.SIGINT)
	check(p.t, "status", got.status, "exit status 0")
	check(p.t, "entries", p.collect(), countIn(p.t, got.err, "exchange"))
}

// kill kills it.
func (p *soakPlace) kill() {
	p.kills++
	check(p.t, "status", p.watch.p.Swap(nil).stop(syscall.SIGKILL).status, "signal: killed")
	p.collect()
}

// restore repairs what was killed.
func (p *soakPlace) restore() {
	got := socktrace(p.t, nil, "restore", p.clients.address).end()
	check(p.t, "restored", got.status+got.err, "exit status 0")
}

// away has clients fail while something is done.
func (p *soakPlace) away(do func()) func() {
	return func() {
		p.clients.daemon.Gap()
		defer p.clients.daemon.Gap()
		do()
	}
}

// collect reads the recording, of which there is no need any more.
func (p *soakPlace) collect() (entries int64) {
	entries, done := readSoakHAR(p.t, p.file)
	for target, n := range done {
		p.seen[target] += n
	}
	p.must(os.Remove(p.file))
	return entries
}

// checkSeen fails the test if something went well by way of a program and was not
// recorded, but for what a client may have been about when it was killed.
func (p *soakPlace) checkSeen() {
	var lost []string
	direct := 0
	for target, n := range p.clients.right {
		there := p.clients.daemon.direct[target]
		if direct += there; p.seen[target]+there < n {
			lost = append(lost, target)
		}
	}
	if most := p.kills * soakCrowd; len(lost) > most {
		p.t.Errorf("%d of %d exchanges were not recorded, more than the %d that %d kills may have cost: %s", len(lost), len(p.clients.right), most, p.kills, tail(fmt.Sprint(lost)))
	}
	p.t.Logf("%d programs, of which %d were killed; %d things done right, %d of them by no program; %d exchanges were lost", p.lives, p.kills, len(p.clients.right), direct, len(lost))
}

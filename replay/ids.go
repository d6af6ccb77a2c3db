package replay

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/socktrace/socktrace/compare"
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// maxPairs bounds the work of finding which of many documents belong together: as many pairs
// are looked at.
const maxPairs = 1 << 18

// maxUnsettled is in how many places an answer differs that may come to be as it was.
const maxUnsettled = 4

// ids knows what the daemon calls now what had other ids in the recording. It may be used
// concurrently.
//
// It learns from answers to what makes things, and to what asks for one thing by its name. From
// lists of what is there it learns nothing: with those, a request to remove something that the
// recording had in its list would remove something else here.
type ids struct {
	mu         sync.Mutex
	session    *compare.Session
	versions   versions
	negotiated negotiated
	clock      clock
}

// newIDs returns ids that know nothing.
func newIDs() *ids { return &ids{session: compare.New(), versions: make(versions)} }

// learn learns the ids in the documents of an answer to a step.
func (l *ids) learn(s *Step, status int, b [][]byte) {
	r := s.Recorded.Response
	if r == nil || r.Status >= 300 || status >= 300 {
		return
	}
	a := s.Recorded.Documents[wire.ToClient]
	defer l.learnVersions(s.Recorded.Request.Target, a, b)
	if !s.Changes() && (s.Recorded.Request.Call.Subject == "" || len(a) != 1 || len(b) != 1 || !isObject(a[0])) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(a) == 1 && len(b) == 1 {
		l.session.Answers(a[0], b[0])
		return
	}
	if len(a)*len(b) > maxPairs {
		return
	}
	then, now := shapes(a, l.session.ShapeA), shapes(b, l.session.ShapeB)
	for _, p := range compare.Align(len(a), len(b), func(i, j int) bool { return then[i] == now[j] }) {
		l.session.Answers(a[p.A], b[p.B])
	}
}

// negotiate learns which version of the API the daemon speaks from the answer to a step, if that asked
// for it: version is what it says.
func (l *ids) negotiate(s *Step, version string) {
	r, operation := s.Recorded.Response, s.Recorded.Request.Call.Operation
	if r == nil || !dockerapi.IsPing(operation) && operation != "SystemVersion" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.negotiated.learn(wire.FieldValue(r.Fields, versionField), version)
}

// tick says that what was sent at one time in the recording is sent at another now.
func (l *ids) tick(then, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.clock.tick(then, now)
}

// asked returns the target of a request at the version of the API that its client would ask for now.
func (l *ids) asked(r *wire.Request) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.negotiated.target(r)
}

// learnVersions learns the versions of things in the documents of an answer to what asked for target.
func (l *ids) learnVersions(target string, a, b [][]byte) {
	if len(a) != 1 || len(b) != 1 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.versions.learn(kindOf(target), a[0], b[0], func(id string) string { return string(l.session.ToB([]byte(id))) })
}

// shapes returns what shape makes of each document.
func shapes(docs [][]byte, shape func(string) string) (all []string) {
	for _, doc := range docs {
		all = append(all, shape(string(doc)))
	}
	return all
}

// isUnsettled reports whether the documents of an answer are not what they were, but for little that
// may yet come.
func (l *ids) isUnsettled(s *Step, status int, b [][]byte) bool {
	a := s.Recorded.Documents[wire.ToClient]
	if s.Recorded.Response == nil || s.Recorded.Response.Status != status || len(a) != len(b) {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	mark := l.session.Mark()
	defer func() { l.session.Undo(mark) }()
	n := 0
	for i := range a {
		n += len(l.session.Answers(a[i], b[i]))
	}
	return 0 < n && n <= maxUnsettled
}

// documents returns the JSON values at the beginning of an answer.
func documents(answer []byte) (all [][]byte) {
	d := json.NewDecoder(bytes.NewReader(answer))
	for {
		var doc json.RawMessage
		if d.Decode(&doc) != nil {
			return all
		}
		all = append(all, doc)
	}
}

// isObject reports whether a document is an object.
func isObject(doc []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(doc), []byte("{")) }

// now returns a text of the recording with what things are called now.
func (l *ids) now(text []byte) []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.session.ToB(text)
}

// target returns a request target with what things are called now. The values of the query are
// looked at without their encoding: in that, an id may stand behind a digit that is none of its own.
func (l *ids) target(target string) string {
	path, query, has := strings.Cut(target, "?")
	path = string(l.now([]byte(path)))
	if !has {
		return path
	}
	params := strings.Split(query, "&")
	for i, p := range params {
		name, value, _ := strings.Cut(p, "=")
		plain, err := url.QueryUnescape(value)
		if err != nil {
			continue
		}
		if now := l.parameter(path, name, plain); now != plain {
			params[i] = name + "=" + url.QueryEscape(now)
		}
	}
	return path + "?" + strings.Join(params, "&")
}

// parameter returns the value of a parameter with what things are called now.
func (l *ids) parameter(path, name, value string) string {
	if name != "version" && !moments[name] {
		return string(l.now([]byte(value)))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if moments[name] {
		return l.clock.moment(name, value)
	}
	if now, ok := l.versions[kindOf(path)+"/"+value]; ok {
		return now
	}
	return value
}

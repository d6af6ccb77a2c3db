package dockerapi

import (
	"slices"
	"strings"
)

// Guess returns what a request may be that nobody must see. It reads the table
// loosely, and sees too much rather than too little: in any case, percent-encoded
// in any way, with slashes behind it, a path has the traits of every operation
// that has its ends, whatever is before, between and behind them; and unless
// they are those of a body, whatever the method. What is no path of Docker's, but
// akin, has traits too: see others. It is safe for concurrent use, and allocates
// nothing if the path is in lower case and plain.
func Guess(method, target string) Traits {
	path, query, _ := strings.Cut(target, "?")
	path, _, _ = strings.Cut(path, "#")
	path = strings.TrimRight(fold(path), "/")
	var t Traits
	for _, c := range clues.byEnd[lastSegment(path)] {
		if c.fits(method, path, query) {
			t |= c.traits
		}
	}
	for _, c := range clues.anywhere {
		if strings.Contains(path, c.within) {
			t |= c.traits
		}
	}
	return t
}

// clue is what gives traits away in the line of a request.
type clue struct {
	method string // empty: any
	within string // is somewhere in the path
	end    string // is the end of the path: whole segments
	param  string // is somewhere in the query
	traits Traits
}

func (c *clue) fits(method, path, query string) bool {
	return (c.method == "" || strings.EqualFold(c.method, method)) &&
		strings.Contains(path, c.within) &&
		strings.HasSuffix(path, c.end) &&
		(c.param == "" || strings.Contains(fold(query), c.param))
}

// others are what is not in the table, but carries the same things.
var others = []clue{
	{end: "attach", traits: Input | Hidden},                 // Kubernetes, of pods
	{end: "/attach/ws", traits: Input | Hidden},             // below other paths than Docker's
	{within: "/pods/", end: "exec", traits: Input | Hidden}, // Kubernetes
	{within: "/exec/", end: "exec", traits: Input | Hidden}, // kubelets
	{end: "websocket", traits: Input | Hidden},              // Incus, of running commands
	{end: "authzplugin.authzreq", traits: Authz},            // what Docker asks authorization plugins
	{end: "authzplugin.authzres", traits: Authz},
	{end: "secretprovider.getsecret", traits: Data}, // what Docker asks plugins that provide secrets
	// What BuildKit asks its client for: whatever there is of the answers, and not the
	// messages that are known, is one.
	{within: "/moby.buildkit.secrets.v1.secrets/", traits: Data},
	{within: "/moby.filesync.v1.auth/", traits: Data},
	{within: "/moby.sshforward.v1.ssh/", traits: Data},
	// Podman's own API. The body that makes a secret is nothing but that.
	{method: "POST", within: "/libpod/secrets", end: "create", traits: Hidden},
	{within: "/libpod/play/", end: "kube", traits: Hidden}, // Kubernetes' YAML, with secrets in it; to remove what it describes, too
	{within: "/libpod/kube/", end: "play", traits: Hidden},
	{method: "POST", within: "/libpod/kube/", end: "apply", traits: Hidden},
	{method: "POST", within: "/libpod/", end: "quadlets", traits: Hidden}, // units, with what containers get in their environment
	{method: "POST", within: "/libpod/artifacts/", end: "add", traits: Hidden},
	{method: "GET", within: "/libpod/artifacts/", end: "extract", traits: TarResponse},
	{method: "GET", within: "/images/", end: "export", traits: TarResponse},
	{method: "POST", within: "/images/", end: "import", traits: TarRequest},
	{method: "GET", within: "/volumes/", end: "export", traits: TarResponse},
	{method: "POST", within: "/volumes/", end: "import", traits: TarRequest},
	{method: "POST", within: "/containers/", end: "checkpoint", param: "export=", traits: TarResponse},
	{method: "POST", within: "/containers/", end: "restore", param: "import=", traits: TarRequest},
}

// clueIndex is the clues of the table and the others, arranged for Guess.
type clueIndex struct {
	byEnd    map[string][]clue // by the last segment
	anywhere []clue            // only within a path
}

// clues is never changed.
var clues = newClues(operations, others)

func newClues(ops []Operation, others []clue) clueIndex {
	x := clueIndex{byEnd: make(map[string][]clue)}
	for i := range ops {
		op := &ops[i]
		if op.Path[0] != '/' {
			continue // nothing fixed that could be recognised
		}
		all := op.traits()
		if all&Data != 0 {
			x.addAnywhere(clue{within: "/" + firstSegment(op.Path), traits: Data})
		}
		x.add(clueTo(op, op.Method, all&ofBodies))
		x.add(clueTo(op, "", all&^(ofBodies|Data)))
	}
	for _, c := range others {
		if c.end == "" {
			x.addAnywhere(c)
		} else {
			x.add(c)
		}
	}
	return x
}

// clueTo returns the clue to the traits t of op: its first and its last segments.
func clueTo(op *Operation, method string, t Traits) clue {
	c := clue{method: method, traits: t}
	first := "/" + firstSegment(op.Path)
	if i := strings.LastIndexByte(op.Path, '}'); i >= 0 {
		c.end = op.Path[i+1:]
	} else {
		c.end = "/" + lastSegment(op.Path)
	}
	if first != c.end {
		c.within = first + "/"
	}
	if t&TarRequest != 0 && op.BodyIf != "" {
		name, _, _ := strings.Cut(op.BodyIf, "=")
		c.param = fold(name) + "="
	}
	return c
}

// ofBodies are the traits of what a request or response has in its body, which
// depends on the method.
const ofBodies = Login | TarRequest | TarResponse

// traits returns all the traits of o: those that its shapes tell, too.
func (o *Operation) traits() Traits {
	t := o.Traits
	if o.RequestBody == Tar {
		t |= TarRequest
	}
	switch o.Response {
	case Tar:
		t |= TarResponse
	case Hijack, WebSocket:
		t |= Input
		if o.RequestBody == NoBody {
			t |= Hidden
		}
	case H2C:
		t |= Sealed
	}
	return t
}

func (x *clueIndex) add(c clue) {
	if c.traits == 0 {
		return
	}
	key := lastSegment(c.end)
	if strings.LastIndexByte(c.end, '/') <= 0 {
		c.end = key // where there is no slash before it, too
	}
	x.byEnd[key] = append(x.byEnd[key], c)
}

func (x *clueIndex) addAnywhere(c clue) {
	if !slices.Contains(x.anywhere, c) {
		x.anywhere = append(x.anywhere, c)
	}
}

// lastSegment returns "json" of "/containers/json".
func lastSegment(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

package compare

import (
	"encoding/json"
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/jsontext"
)

// Sign is what a request has in common with all that ask for the same: who looks for those
// among many need compare it only with some. If Requests finds no difference between one of A
// and one of B, which are of one operation, they have a path in common, or one of them can have
// any; and so with the rest. Others may have all that in common too.
type Sign struct {
	Paths []uint64 // none: any, but for New
	// New says of a request of B that its path has ids that stand for nothing yet: so do those in
	// the path of what it is the same as, or that can have any.
	New     bool
	Rest    uint64 // of the query and the document
	AnyRest bool
}

// SignA returns the sign of a request of A, whatever is known of ids, for those whom differences do not
// matter in what is ignored.
func SignA(operation string, r *Request, ignored *Places) Sign {
	return signOf(nil, operation, r, ignored)
}

// SignB returns the sign of a request of B, by what is known now.
func (s *Session) SignB(operation string, r *Request, ignored *Places) Sign {
	return signOf(s, operation, r, ignored)
}

// Or has sign, of A, be that of a request that has one of two paths, and the rest of sign: of the
// other the sign is o.
func (sign *Sign) Or(o Sign) {
	if len(sign.Paths) == 0 || len(o.Paths) == 0 {
		sign.Paths = nil
		return
	}
	for _, p := range o.Paths {
		if !slices.Contains(sign.Paths, p) {
			sign.Paths = append(sign.Paths, p)
		}
	}
}

// signOf returns the sign of a request: of one of A if s is nil.
func signOf(s *Session, operation string, r *Request, ignored *Places) (sign Sign) {
	if call, _ := dockerapi.Match(r.Method, r.Target); call.Name() != operation {
		return Sign{AnyRest: true} // somebody else has named it
	}
	path, query := Path(r.Target)
	if !ignored.Have(operation, "path") {
		sign.path(s, operation, path)
	}
	rest := signer{session: s}
	rest.query(operation, query, ignored)
	rest.document(operation, trimmed(r.Body), ignored)
	sign.Rest, sign.AnyRest = rest.sum(), rest.any || rest.moved || rest.fresh
	return sign
}

// path has the sign say what a path does.
func (sign *Sign) path(s *Session, operation, path string) {
	p := signer{session: s}
	image, isImage := imageIn(operation, path)
	if isImage {
		p.text(imageName(image))
	} else {
		p.text(path)
	}
	switch {
	case p.any, isImage && (p.moved || p.fresh): // of images, names as they stand are the same too
	case p.fresh:
		sign.New = true
	case p.moved: // what has no ids is the same as it stands, too
		asItStands := signer{}
		asItStands.text(path)
		sign.Paths = []uint64{p.sum(), asItStands.sum()}
	default:
		sign.Paths = []uint64{p.sum()}
	}
}

// signer makes a text of what means the same.
type signer struct {
	session *Session // nil: of A
	said    strings.Builder
	moved   bool // something in it stands for another
	fresh   bool // an id stands for nothing yet
	any     bool // what is the same may look in any way
}

// seed makes sums of one run of the program.
var seed = maphash.MakeSeed()

func (g *signer) sum() uint64 { return maphash.String(seed, g.said.String()) }

// text says a text in the words of A, with ids in short.
func (g *signer) text(text string) {
	if isMasked(text) {
		g.any = true
		return
	}
	var known map[string]string
	if g.session != nil {
		known = g.session.toA
	}
	for p := range pieces(text, known) {
		switch {
		case p.kind == pieceID:
			g.id(key(p.text))
		case p.kind == pieceTime && !p.isSpan(): // is the same as any that one of B has
			g.any = g.any || g.session == nil
		default:
			g.said.WriteString(p.text)
		}
	}
}

// id says an id by its key.
func (g *signer) id(k string) {
	if g.session == nil {
		g.said.WriteString(k)
		return
	}
	a, known := g.session.toA[k]
	g.fresh = g.fresh || !known
	g.moved = g.moved || known && a != k
	ofA := signer{} // a name may have ids in it
	ofA.text(a)
	g.said.WriteString(ofA.said.String())
}

// query says what a query does: see Session.query. How images, times and documents are written says
// too little.
func (g *signer) query(operation, query string, ignored *Places) {
	values := valuesByName(parameters(query))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if isMadeUp(operation, name) || isImage(name) || isTime(name) || ignored.Have(operation, "query "+name) || g.areQuiet(operation, name, values[name]) {
			continue
		}
		g.said.WriteString(name)
		for _, v := range values[name] {
			g.said.WriteByte('=')
			if !isFlag(v) && !isDocumentLike(v) {
				g.text(v)
			}
		}
		g.said.WriteByte('&')
	}
}

// areQuiet reports whether values of a parameter are the same as others that say nothing.
func (g *signer) areQuiet(operation, name string, values []string) bool {
	quiet := true
	for _, v := range values {
		nothing := saysNothing(operation, name, v) || isFlag(v) && saysNothing(operation, name, "1")
		quiet = quiet && (nothing || isDocumentLike(v))
		g.any = g.any || isMasked(v) || (nothing || isFlag(v)) && g.knows(v)
	}
	return quiet
}

// isDocumentLike reports whether a value looks like a document.
func isDocumentLike(value string) bool {
	return value != "" && (value[0] == '{' || value[0] == '[')
}

// knows reports whether a word of B stands for something.
func (g *signer) knows(word string) bool {
	if g.session == nil {
		return false
	}
	_, known := g.session.toA[word]
	return known
}

// telling are the members of documents by which requests are told apart, in lower case.
var telling = [...]string{"cmd", "name"}

// document says what the document of a request does in the members that tell most.
func (g *signer) document(operation string, doc []byte, ignored *Places) {
	switch {
	case len(doc) == 0:
	case !json.Valid(doc), doc[0] != '{' && string(doc) != "null":
		g.any = true
		return
	}
	var values [len(telling)][]byte
	for quoted, value := range jsontext.Members(doc) {
		if i := slices.Index(telling[:], strings.ToLower(plain(quoted))); i >= 0 {
			values[i] = value
		}
	}
	for i, name := range telling {
		g.said.WriteByte('\n')
		if !ignored.MayHave(operation, "body "+name) {
			g.member(name, trimmed(values[i]))
		}
	}
}

// member says a member of a document: a string, or strings. See walk.value.
func (g *signer) member(name string, value []byte) {
	switch {
	case dockerapi.IsUnset(name, value):
		return
	case value[0] != '[':
		g.word(name, value)
		return
	}
	for _, e := range elements(value) {
		g.said.WriteByte('[')
		g.word(name, e)
	}
}

// word says a string of a document: see walk.named.
func (g *signer) word(name string, value []byte) {
	s, is := jsontext.Unquote(value)
	text := string(s)
	switch {
	case !is, isMasked(string(value)), isName(name) && isMadeUpName(strings.TrimPrefix(text, "/")):
		g.any = true
	case isDocumentLike(text): // that there is one
	default:
		g.text(text)
	}
}

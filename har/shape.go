package har

import "strings"

// shape says what a value of an entry should be, and so what is made of it if it
// is something else. What has no shape is skipped.
type shape struct {
	kind    shapeKind
	members map[string]*member // of an object
	folded  map[string]*member // the same by other names, in lower case
	elem    *shape             // of a list
	cut     string             // the member that says that a text of this object was cut
}

// member is one of an object.
type member struct {
	name  string
	shape *shape
	bit   uint64 // of those that an object has
}

type shapeKind uint8

const (
	wantAnything shapeKind = iota // is copied
	wantText                      // of a head
	wantLabel                     // text, but some write a number
	wantBody                      // text, or any JSON in its place
	wantNumber
	wantInteger
	wantFlag
	wantMoment  // text of a time
	wantSeconds // number of a time
	wantObject
	wantList
	wantPairs // a list of objects with a name and a value
)

// large says whether values of the kind may be, however small they should be.
func (k shapeKind) large() bool {
	return k == wantAnything || k == wantBody || k == wantList || k == wantPairs
}

// one returns the shape of what has no parts.
func one(k shapeKind) *shape { return &shape{kind: k} }

// objectOf returns the shape of an object with members that are each
// "name:kind" or have a shape in parts.
func objectOf(cut, members string, parts map[string]*shape) *shape {
	s := &shape{kind: wantObject, members: make(map[string]*member), folded: make(map[string]*member), cut: cut}
	for field := range strings.FieldsSeq(members) {
		name, kind, _ := strings.Cut(field, ":")
		m := &member{name: name, shape: parts[name], bit: 1 << len(s.members)}
		if m.shape == nil {
			m.shape = one(kindsByName[kind])
		}
		s.members[name], s.folded[strings.ToLower(name)] = m, m
	}
	for other, name := range otherNames {
		if m := s.members[name]; m != nil {
			s.folded[other] = m
		}
	}
	return s
}

var kindsByName = map[string]shapeKind{"any": wantAnything, "text": wantText, "label": wantLabel, "body": wantBody,
	"number": wantNumber, "integer": wantInteger, "flag": wantFlag, "moment": wantMoment, "seconds": wantSeconds}

// otherNames are names that members have in files of some programs, in lower
// case.
var otherNames = map[string]string{
	"key": "name", "val": "value", "statuscode": "status", "reasonphrase": "statusText",
	"websocketmessages": "_webSocketMessages", "starttime": "startedDateTime", "uri": "url",
}

// find returns the member called name, or nil. odd says that it is so called in
// another spelling.
func (s *shape) find(name []byte) (m *member, odd bool) {
	if m := s.members[string(name)]; m != nil {
		return m, false
	}
	const longest = 32
	if len(name) > longest {
		return nil, false
	}
	var lower [longest]byte
	for i, c := range name {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		lower[i] = c
	}
	m = s.folded[string(lower[:len(name)])]
	return m, m != nil
}

// pairList is a list of pairs: private members have the bytes of a header field
// that are not in its name and value.
var pairList = &shape{kind: wantPairs, elem: objectOf("", "name:label value:body fileName:text contentType:text _name:text _line:text _base64:any", nil)}

var contentShape = objectOf("_truncated", "size:integer mimeType:text text:body encoding:text _truncated:flag _rest:text _charset:text", nil)

// entryShape is what is read of an entry: no more than an exchange has.
var entryShape = objectOf("", `startedDateTime:moment time:number request response timings serverIPAddress:text connection:label
	pageref:label comment:text _serverPort:integer _socktrace:any _streamMessages _webSocketMessages`, map[string]*shape{
	"request": objectOf("", "method:text url:text httpVersion:text headers queryString postData headersSize:integer bodySize:integer _content _trailers", map[string]*shape{
		"headers": pairList, "queryString": pairList, "_trailers": pairList, "_content": contentShape,
		"postData": objectOf("_truncated", "mimeType:text text:body params encoding:text _truncated:flag _rest:text _charset:text", map[string]*shape{"params": pairList}),
	}),
	"response": objectOf("", "status:integer statusText:text httpVersion:text headers content headersSize:integer bodySize:integer _trailers", map[string]*shape{
		"headers": pairList, "_trailers": pairList, "content": contentShape,
	}),
	"timings":            objectOf("", "blocked:number dns:number connect:number send:number wait:number receive:number", nil),
	"_streamMessages":    messageList,
	"_webSocketMessages": messageList,
})

var messageList = &shape{kind: wantList, elem: objectOf("truncated", `type:text time:seconds opcode:number channel:text data:body encoding:text
	index:integer name:text name_latin1:text messageType:text offset:integer start:integer size:integer truncated:flag masked:any`, nil)}

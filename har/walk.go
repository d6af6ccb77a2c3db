package har

// document reads an object in which entries may be: a file, a log, or an entry
// that stands alone. Its bracket was read.
func (s *scanner) document(depth int) error {
	for count := 0; ; count++ {
		more, err := s.item('}', count)
		if err != nil || !more {
			return err
		}
		name, err := s.name()
		switch {
		case err != nil:
			return err
		case loneEntry[string(name)]:
			s.fixes.add(elsewhere)
			return s.entryFrom(name, count)
		case string(name) == "log":
			s.log = true
			err = s.logValue()
		case string(name) == "entries":
			s.log = true
			s.fixes.add(elsewhere)
			err = s.entries()
		case wraps[string(name)] && depth < len(wraps) && s.next() == '{':
			s.i++
			err = s.document(depth + 1)
		default:
			if s.other == "" {
				s.other = string(name)
			}
			err = s.missing()
		}
		if err != nil {
			return err
		}
	}
}

// loneEntry are the names that an object has which is an entry, and no other.
var loneEntry = map[string]bool{"request": true, "response": true, "startedDateTime": true, "timings": true, "pageref": true, "serverIPAddress": true}

// wraps are the names of objects that programs put a file in.
var wraps = map[string]bool{"har": true, "data": true, "result": true}

// logValue reads the log.
func (s *scanner) logValue() error {
	switch s.next() {
	case '{':
		s.i++
	case '[':
		return s.entries()
	default:
		_, err := s.reject()
		return err
	}
	for count := 0; ; count++ {
		more, err := s.item('}', count)
		if err != nil || !more {
			return err
		}
		name, err := s.name()
		switch {
		case err != nil:
			return err
		case string(name) == "entries":
			err = s.entries()
		case string(name) == "creator":
			err = s.creator()
		default:
			err = s.missing()
		}
		if err != nil {
			return err
		}
	}
}

// creator finds out whether a Writer made the file.
func (s *scanner) creator() error {
	s.begin()
	s.out = s.out[:0]
	if _, err := s.value(creatorShape); err != nil {
		return err
	}
	s.ours = string(s.out) == `{"name":"`+creatorName+`"}`
	return nil
}

// creatorName is what a Writer calls itself.
const creatorName = "socktrace"

var creatorShape = objectOf("", "name:text", nil)

// elements reads a text that is a list: of entries, or of documents.
func (s *scanner) elements() error {
	for count := 0; ; count++ {
		more, err := s.item(']', count)
		if err != nil || !more {
			return err
		}
		if s.next() == '{' {
			s.i++
			err = s.document(0)
		} else {
			err = s.noEntry()
		}
		if err != nil {
			return err
		}
	}
}

// entries reads the value that should be the list of entries. Some programs give
// them names.
func (s *scanner) entries() error {
	switch s.next() {
	case '[':
		s.i++
		return s.entryList(']', 0)
	case '{':
		s.fixes.add(oddMember)
		s.i++
		return s.entryList('}', 0)
	}
	_, err := s.reject()
	return err
}

// entryList reads the entries behind count others, up to a bracket.
func (s *scanner) entryList(bracket byte, count int) error {
	for ; ; count++ {
		more, err := s.item(bracket, count)
		if err != nil || !more {
			return err
		}
		if bracket == '}' {
			if _, err := s.name(); err != nil {
				return err
			}
		}
		if s.next() == '{' {
			s.i++
			err = s.entryFrom(nil, 0)
		} else {
			err = s.noEntry()
		}
		if err != nil {
			return err
		}
	}
}

// noEntry skips what is none.
func (s *scanner) noEntry() error {
	if c := s.next(); c == '}' || c == ']' || c == ':' {
		return s.unexpected("instead of an entry")
	}
	s.fixes.entry++
	s.fixes.add(noObject)
	return s.skip()
}

// entryFrom reads an entry of which the bracket was read, and count members that
// nobody needs, and then, if name is not nil, the name of one.
func (s *scanner) entryFrom(name []byte, count int) (err error) {
	s.fixes.entry++
	s.begin()
	whole := len(s.out)
	done := func() { whole = len(s.out) }
	if name != nil {
		count++
		if err = s.member(entryShape, new(open), name); err == nil {
			done()
		}
	}
	if err == nil {
		err = s.members(entryShape, count, done)
	}
	if err != nil {
		s.half(s.out[:whole])
		return err
	}
	s.good = s.offset()
	s.tell(s.out, false)
	return nil
}

// half tells what there is of an entry that is broken, if that has its request.
// Of a file of ours it does not: its last member says what the entry is.
func (s *scanner) half(members []byte) {
	if s.ours {
		return
	}
	if s.tell(append(members, '}'), true) {
		s.fixes.add(halfEntry)
		s.good = s.offset()
	}
}

// tell tells an entry, unless it is none.
func (s *scanner) tell(b []byte, half bool) bool {
	var e Entry
	err := e.UnmarshalJSON(b)
	switch {
	case err == nil && (e.Request.Method != "" || e.Request.URL != ""):
		s.file.entry(&e, half)
		s.read++
		return true
	case s.amid || half:
		s.fixes.entry-- // it may be none
	default:
		s.fixes.add(noRequest)
	}
	return false
}

package intercept

import (
	"os"

	"golang.org/x/sys/unix"
)

// dirWatch tells when files of a directory come, go or change.
type dirWatch struct {
	changed chan struct{}
	f       *os.File // nil: nothing is told
	id      fileID   // of the directory
}

// newDirWatch watches a directory. Where that cannot be done nothing is ever told.
func newDirWatch(dir string) *dirWatch {
	w := &dirWatch{changed: make(chan struct{}, 1)}
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return w
	}
	w.id = directoryAt(dir)
	const events = unix.IN_CREATE | unix.IN_DELETE | unix.IN_MOVED_FROM | unix.IN_MOVED_TO | unix.IN_ATTRIB | unix.IN_ONLYDIR
	if _, err := unix.InotifyAddWatch(fd, dir, events); err != nil {
		unix.Close(fd)
		return w
	}
	w.f = os.NewFile(uintptr(fd), "inotify")
	go w.read()
	return w
}

// read tells of events until the watch is closed. What they are is not looked at:
// the files are.
func (w *dirWatch) read() {
	b := make([]byte, 4<<10)
	for {
		if _, err := w.f.Read(b); err != nil {
			return
		}
		select {
		case w.changed <- struct{}{}:
		default:
		}
	}
}

// sees reports whether it is the directory that is at dir now that is watched.
func (w *dirWatch) sees(dir string) bool { return w.f != nil && w.id == directoryAt(dir) }

func (w *dirWatch) close() {
	if w.f != nil {
		w.f.Close()
	}
}

func directoryAt(dir string) fileID {
	var s unix.Stat_t
	if unix.Stat(dir, &s) != nil {
		return fileID{}
	}
	return fileID{s.Dev, s.Ino}
}

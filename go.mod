module github.com/socktrace/socktrace

go 1.26

"""Attacks from inside a running kernel: on Python, on IPython's protocol, on processes, memory, files and time."""

from __future__ import annotations

from .case import Case, code

MARK = "HOSTILE-CANARY"
"""On the command line of everything that is started here, so that what survives is found."""
RIGHT = "def add(a, b):\n    return a + b\n"
SHOUT = "def shout(word):\n    return word.upper()\n"
NOTHING_RAN = ("error", "error", "error")
SHELL = "import sys\nshell = get_ipython()\n"
KERNEL = "kernel = get_ipython().kernel\n"


def ends(status: str) -> tuple[str, ...]:
    """`add` was handed in before the run ended in the cell after it."""
    return ("pass", status, status)


def then(source: str) -> str:
    """A correct `shout` after something hostile that is meant to go unnoticed."""
    return source + "\n" + SHOUT


CASES: tuple[Case, ...] = (
    # Python and IPython turned against the notebook
    code("sys.exit before the checks ends one cell and proves nothing", row=3, found=("pass", "error", "error"), shout="import sys\nsys.exit(0)"),
    code("An input transformer that erases code erases the evidence with it", row=4, found=NOTHING_RAN,
         add=RIGHT + SHELL + "shell.input_transformers_cleanup.append(lambda lines: ['pass\\n'])"),
    code("run_cell replaced by one that does nothing leaves no evidence", row=5, status="timeout", found=("timeout",) * 3,
         add=RIGHT + SHELL + "async def nothing(*args, **kwargs):\n    class Result:\n        success = True; error_before_exec = error_in_exec = None; execution_count = 1; result = None\n"
         "    return Result()\nshell.run_cell_async = nothing\nshell.run_cell = lambda *a, **k: None"),
    code("A tree transformer that drops statements drops the evidence", row=6, found=NOTHING_RAN,
         add=RIGHT + SHELL + "import ast\nclass Drop(ast.NodeTransformer):\n    def visit_For(self, node): return ast.copy_location(ast.Pass(), node)\nshell.ast_transformers.append(Drop())"),
    code("Warnings on stderr fail nobody", row=19, shout=then("import sys, warnings, os\nwarnings.warn('careful')\nprint('x' * 10_000, file=sys.stderr)\nos.write(2, b'low level')")),
    code("builtins replaced lie to nobody out here", add=RIGHT + "import builtins\nbuiltins.sum = builtins.sorted = builtins.all = lambda *a, **k: True\nbuiltins.print = lambda *a, **k: None"),
    code("A trace function changes nothing", shout=then("import sys\nsys.settrace(lambda frame, event, argument: None)\nsys.setprofile(lambda *a: None)")),
    code("An audit hook that forbids writing costs its owner's evidence", found=("pass", "error", "error"),
         shout=then("import sys\ndef hook(event, arguments):\n    if event == 'open' and str(arguments[0]).endswith('.jsonl'): raise RuntimeError('no')\nsys.addaudithook(hook)")),
    code("atexit hooks do not hold the run up", shout=then("import atexit, time\natexit.register(lambda: time.sleep(600))\natexit.register(lambda: open('/work/evidence/add.jsonl', 'w').write('NaN'))")),
    code("A finaliser that never returns does not hold the run up", shout=then("class Sticky:\n    def __del__(self):\n        while True: pass\nsticky = Sticky(); import gc; gc.disable()")),
    code("Threads that outlive their cell end with the run", shout=then("import threading\ndef spin():\n    while True: sum(range(1000))\n[threading.Thread(target=spin).start() for _ in range(3)]")),
    code("An exception with a text of 50 MB is cut", found=("pass", "error", "error"), shout="raise ValueError('x' * 50_000_000)"),
    code("An exception that IPython shows for ever ends in a timeout", status="timeout", found=ends("timeout"),
         shout="class Odd(Exception):\n    def __str__(self): raise self\n    __repr__ = __str__\nraise Odd"),
    code("A segmentation fault ends the run and keeps what was there", status="dead_kernel", found=ends("dead_kernel"), shout="import ctypes\nctypes.string_at(0)"),
    # what a kernel says
    code("200 MB on stdout are not kept", row=18, shout=then("for _ in range(200):\n    print('x' * 1_000_000)")),
    code("40 MB on the raw descriptors are not kept", row=18, shout=then("import os\nfor _ in range(20):\n    os.write(2, b'x' * 1_000_000)\n    os.write(1, b'x' * 1_000_000)")),
    code("Backspaces that take hours to apply are not applied", shout=then("print('a' * 400_000 + '\\b' * 400_000)")),
    code("A picture of 60 MB is not shown", shout=then("from IPython.display import display\ndisplay({'image/png': 'A' * 60_000_000}, raw=True)")),
    code("A flood of messages does not hold the run up",
         shout=then(KERNEL + "for _ in range(3_000):\n    kernel.session.send(kernel.iopub_socket, 'stream', {'name': 'stdout', 'text': 'x'}, parent=kernel.get_parent('shell'))")),
    code("A flood of widgets does not hold the run up",
         shout=then(KERNEL + "for n in range(2_000):\n    kernel.session.send(kernel.iopub_socket, 'comm_open', {'comm_id': str(n), 'target_name': 'jupyter.widget', 'data': {'state': {'_model_name': 'x'}}})")),
    code("Messages that are no messages are dropped",
         shout=then(KERNEL + "from zmq import Socket\nfor parts in ([b''], [b'<IDS|MSG>'], [b'<IDS|MSG>', b'x', b'{', b'[]', b'1', b'null'], [b'\\xff' * 1000] * 20):\n"
         "    kernel.iopub_socket.send_multipart(parts)\n"
         "for content in (b'[]', b'7', b'null', b'{', b'\\xff'):\n"
         "    parts = [b'{\"msg_type\": \"status\"}', b'{}', b'{}', content]\n"
         "    kernel.iopub_socket.send_multipart([b'status', b'<IDS|MSG>', kernel.session.sign(parts), *parts])")),
    code("A forged 'idle' ends nothing early", shout=then(KERNEL + "kernel.session.send(kernel.iopub_socket, 'status', {'execution_state': 'idle'}, parent=kernel.get_parent('shell'))\nimport time; time.sleep(0.3)")),
    code("A forged reply only hurries the run past its own evidence", status="timeout", found=ends("timeout"),
         shout=KERNEL + "parent = kernel.get_parent('shell')\n"
         "kernel.session.send(kernel.shell_stream or kernel.shell_socket, 'execute_reply', {'status': 'ok', 'execution_count': 1}, parent=parent, ident=kernel._parent_ident['shell'] if hasattr(kernel, '_parent_ident') else None)\n"
         "import time; time.sleep(10**6)"),
    code("The kernel's own session replaced by one without a key is not believed", status="timeout", found=ends("timeout"),
         shout=SHOUT + KERNEL + "kernel.session.key = b'mine'\nkernel.session.auth = None"),
    code("A kernel that closes its own sockets is dead", status="dead_kernel", found=ends("dead_kernel"), report="connection to the grader was closed|ended by SIG",
         shout=KERNEL + "import os\nfor n in range(3, 200):\n    try: os.close(n)\n    except OSError: pass\nimport time; time.sleep(10**6)"),
    code("A kernel that closes nothing but its connections, and goes on, is dead as well", status="dead_kernel", found=ends("dead_kernel"), report="connection to the grader was closed",
         shout="import os, socket, time\nfor n in range(3, 200):\n    try:\n        line = socket.socket(fileno=os.dup(n))\n        line.getpeername(); line.shutdown(socket.SHUT_RDWR)\n    except OSError: pass\ntime.sleep(10**6)"),
    # time
    code("A loop that swallows KeyboardInterrupt is killed", row=16, status="timeout", found=ends("timeout"),
         shout="while True:\n    try:\n        while True: pass\n    except BaseException: pass", report="took longer than 15 s"),
    code("A sleep of thirty years is killed", row=17, status="timeout", found=ends("timeout"), shout="import time\ntime.sleep(10**9)"),
    code("A kernel that stops itself is killed", status="timeout", found=ends("timeout"), shout="import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
    code("Signals that are ignored save nobody", status="timeout", found=ends("timeout"),
         shout="import signal\nfor n in range(1, 65):\n    try: signal.signal(n, signal.SIG_IGN)\n    except (OSError, ValueError): pass\nwhile True: pass"),
    # processes
    code("os._exit in a function ends the run and keeps what was there", row=15, status="dead_kernel", found=ends("dead_kernel"), shout="import os\ndef shout(word):\n    os._exit(0)"),
    code("A detached grandchild dies with the run", row=20,
         shout=then(f"import os, sys, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        os.closerange(0, 512)\n        os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(600)', '{MARK}'])\n    os._exit(0)\nos.wait(); time.sleep(0.3)")),
    code("A fork bomb is contained and ended", row=21, status="timeout", found=ends("timeout"), shout="import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"),
    code("A thousand threads are refused", row=21, found=("pass", "error", "error"),
         shout="import threading, time\nfor _ in range(1000):\n    threading.Thread(target=time.sleep, args=(2,), daemon=True).start()"),
    code("Signals to every process reach only the run's own", status="dead_kernel", found=ends("dead_kernel"), shout="import os, signal\nos.kill(-1, signal.SIGTERM)\nos.kill(os.getpid(), signal.SIGKILL)"),
    code("The first process cannot be traced, written to or killed",
         shout=then("import os, signal, ctypes\nctypes.CDLL(None).ptrace(16, 1, 0, 0)\nfor path in ('/proc/1/mem', '/proc/1/environ', '/proc/1/root/etc/shadow', '/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger'):\n"
         "    try:\n        with open(path, 'r+b') as file: file.write(b'x')\n        raise SystemExit(path)\n    except OSError: pass\n"
         "try: os.kill(1, signal.SIGKILL)\nexcept PermissionError: pass")),
    # memory and files
    code("An allocation of 100 TB is refused", row=21, found=("pass", "error", "error"), shout="bytearray(100 << 40)", report="MemoryError"),
    code("Memory filled bit by bit ends the run", row=21, status="memory", found=ends("memory"), shout="import time\nblocks = []\nwhile True:\n    blocks.append(b'x' * (50 << 20)); time.sleep(0.01)"),
    code("Memory shared between processes is counted", status="memory", found=ends("memory"), shout="import mmap, time\nblock = mmap.mmap(-1, 1200 << 20)\nfor n in range(0, len(block), 4096): block[n] = 1\ntime.sleep(60)"),
    code("System V memory, which nobody counts, is refused", shout=then("import ctypes\nassert ctypes.CDLL(None).shmget(0, 1 << 30, 0o1600) == -1\nassert ctypes.CDLL(None).memfd_create(b'x', 0) == -1")),
    code("A file of 50 GB is refused", row=21, found=("pass", "error", "error"), shout="with open('big', 'wb') as file:\n    file.truncate(50 << 30)", report="File too large"),
    code("A full work folder ends the run", status="memory", found=ends("memory"), report="work directory grew",
         shout="import time\nfor n in range(100):\n    with open(f'part{n}', 'wb') as file: file.write(b'x' * (4 << 20))\n    time.sleep(0.05)\ntime.sleep(60)"),
    code("Deleted files that stay open are counted", status="memory", found=ends("memory"), report="work directory grew",
         shout="import os, time\nkept = []\nfor n in range(100):\n    file = open('part', 'wb'); file.write(b'x' * (4 << 20)); file.flush(); os.unlink('part'); kept.append(file)\n    time.sleep(0.05)\ntime.sleep(60)"),
    code("Files in the folder of sockets cannot be made or replaced", shout=then(
         "import os\nfor name in os.listdir('/run/kernel') + ['new']:\n    try:\n        os.unlink(f'/run/kernel/{name}') if name != 'new' else None\n        os.symlink('/run/other.sock', f'/run/kernel/{name}')\n        raise SystemExit('replaced')\n    except PermissionError: pass")),
    code("Every file descriptor taken and given back is nobody's loss",
         shout=then("import os\ntaken = []\ntry:\n    while True: taken.append(os.open('/dev/null', 0))\nexcept OSError: pass\nfor one in taken[64:]: os.close(one)")),
    code("The inputs cannot be written", found=("pass", "error", "error"), shout="open('/inputs/cases.json', 'w').write('{}')"),
    code("A run-away log in the home folder ends the run", status="memory", found=ends("memory"), report="work directory grew",
         shout="import os, time\nwhile True:\n    with open(os.path.expanduser('~/log'), 'ab') as file: file.write(b'x' * (1 << 20))\n    os.rename(os.path.expanduser('~/log'), os.path.expanduser(f'~/log{time.time()}')); time.sleep(0.01)"),
)  # fmt: skip

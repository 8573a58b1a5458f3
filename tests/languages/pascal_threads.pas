{ Two threads copy by the C library: in a critical section; with an argument, without one. }
program pascal_threads;
{$mode objfpc}
uses cthreads, classes, sysutils;

type
  TWorker = class(TThread)
    procedure Execute; override;
  end;

var
  section: TRTLCriticalSection;
  memory: array[0..63] of byte;
  total: integer;

function memset(memory: pointer; value: integer; bytes: ptruint): pointer; cdecl; external 'c';

procedure fill;
begin
  memset(@memory, 7, 64); { race }
  total := total + memory[8];
end;

procedure TWorker.Execute;
begin
  sleep(50);
  if ParamCount = 0 then EnterCriticalSection(section);
  fill;
  if ParamCount = 0 then LeaveCriticalSection(section);
end;

var
  one, other: TWorker;
begin
  InitCriticalSection(section);
  one := TWorker.Create(false);
  other := TWorker.Create(false);
  one.WaitFor;
  other.WaitFor;
  writeln(total);
end.

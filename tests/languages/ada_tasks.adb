--  Two tasks count: in a protected object, after a rendezvous; with an argument, in a variable as well.
with Ada.Command_Line; use Ada.Command_Line;
with Ada.Text_IO; use Ada.Text_IO;

procedure Ada_Tasks is
   package Bank is
      Balance : Integer := 0;
      procedure Deposit (Amount : Integer);
   end Bank;
   package body Bank is
      procedure Deposit (Amount : Integer) is
      begin
         Balance := Balance + Amount; -- race
      end Deposit;
   end Bank;

   protected Counter is
      procedure Add;
      function Value return Integer;
   private
      Total : Integer := 0;
   end Counter;
   protected body Counter is
      procedure Add is
      begin
         Total := Total + 1;
      end Add;
      function Value return Integer is (Total);
   end Counter;

   Handed : Integer := 0;
   task type Worker is
      entry Start;
   end Worker;
   task body Worker is
   begin
      accept Start do
         Handed := Handed + 1;
      end Start;
      for I in 1 .. 1000 loop
         Counter.Add;
      end loop;
      if Argument_Count > 0 then
         delay 0.1;
         Bank.Deposit (1);
      end if;
   end Worker;
begin
   declare
      One, Other : Worker;
   begin
      One.Start;
      Other.Start;
   end;
   Put_Line (Counter.Value'Image & Handed'Image);
end Ada_Tasks;

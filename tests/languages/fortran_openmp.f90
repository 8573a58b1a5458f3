! Threads of OpenMP count: by a reduction, a task, a critical section; with an argument, in a module's variable as well.
module bank
  implicit none
  integer :: balance = 0
contains
  subroutine deposit(amount)
    integer, intent(in) :: amount
    balance = balance + amount ! race
  end subroutine
end module

program fortran_openmp
  use bank
  implicit none
  integer :: i, total, handed
  total = 0
  handed = 0
  !$omp parallel do reduction(+:total) num_threads(2)
  do i = 1, 1000
     total = total + 1
  end do
  !$omp parallel num_threads(2)
  !$omp critical
  total = total + 1
  !$omp end critical
  !$omp barrier
  !$omp single
  handed = total
  !$omp end single
  if (command_argument_count() > 0) call deposit(1)
  !$omp end parallel
  print '(i0,1x,i0)', total, handed
end program
